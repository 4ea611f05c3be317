import { expectOneOf, expectOptions, expectTime } from "./arguments.ts";
import { expectTasks } from "./as-completed.ts";
import { expectItems } from "./items.ts";
import { severalTasks } from "./resource.ts";
import type { WaitOptions } from "./sleep.ts";
import type { Task, TaskScope } from "./task.ts";
import { moveOnAfter } from "./timeout.ts";
import { suspend } from "./wait.ts";

export interface WaitTasksOptions extends WaitOptions {
  /** Milliseconds after which it returns in any case. Default: `Infinity`. */
  timeout?: number;
  /**
   * When it returns: when all are over, when one is, or when one has failed (all over, if none does).
   * Default: `"ALL_COMPLETED"`.
   */
  returnWhen?: "ALL_COMPLETED" | "FIRST_COMPLETED" | "FIRST_EXCEPTION";
}

/** What {@link wait} resolves with: every task is in one of the two. */
export interface WaitResult<T> {
  readonly done: Set<Task<T>>;
  readonly pending: Set<Task<T>>;
}

/**
 * Waits for tasks without taking their results: never throws their errors, never cancels them.
 *
 * Resolves with `{ done, pending }` when what `returnWhen` says is true, or when the `timeout` is over.
 * Rejects with `TypeError` or `RangeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_NO_ITEMS`, `JOINERY_INVALID_TIME`) on a bad argument.
 *
 * *Cancellation*: ends the wait, and leaves the tasks alone.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup, wait } from "joinery";
 *
 * await taskGroup(async (group) => {
 *   const quick = group.createTask(() => sleep(5));
 *   const slow = group.createTask(() => sleep(60_000));
 *   const { done, pending } = await wait([quick, slow], { returnWhen: "FIRST_COMPLETED" });
 *   console.log(done.has(quick), pending.has(slow)); // true true
 *   slow.cancel();
 * });
 * ```
 *
 * Idea: `asyncio.wait`.
 */
export async function wait<T extends Task<unknown>>(
  tasks: Iterable<T>,
  options: WaitTasksOptions = {},
): Promise<WaitResult<Awaited<T>>> {
  const signal = expectOptions(options);
  const { timeout = Infinity, returnWhen = "ALL_COMPLETED" } = options;
  const set = expectTasks(tasks as Iterable<Task<Awaited<T>>>);
  expectItems(set.size, "wait()");
  expectTime("timeout", timeout);
  expectOneOf("returnWhen", returnWhen, ["ALL_COMPLETED", "FIRST_COMPLETED", "FIRST_EXCEPTION"]);
  const claims = [...set].map((task) => task.claim());
  try {
    if (timeout === Infinity) await enough(set, returnWhen, signal);
    else await moveOnAfter(timeout, (scope) => enough(set, returnWhen, scope.signal), { signal });
    const done = [...set].filter((task) => task.done());
    const pending = [...set].filter((task) => !task.done());
    for (const task of done) task.hear(); // the caller gets to see how it ended
    return { done: new Set<Task<Awaited<T>>>(done), pending: new Set<Task<Awaited<T>>>(pending) };
  } finally {
    for (const release of claims) release();
  }
}

/** Resolves when enough of `tasks` are over. */
function enough<T>(
  tasks: ReadonlySet<TaskScope<T>>,
  returnWhen: NonNullable<WaitTasksOptions["returnWhen"]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const forget: (() => void)[] = [];
  const label = `${tasks.size} tasks`;
  return suspend<void>(
    (parked) => {
      let left = tasks.size;
      const count = (task: TaskScope<T>): void => {
        left--;
        const failed = returnWhen === "FIRST_EXCEPTION" && task.state === "failed";
        if (left === 0 || failed || returnWhen === "FIRST_COMPLETED") parked.resolve();
      };
      for (const task of tasks) forget.push(task.whenOver(() => count(task)));
    },
    { signal, label, resource: severalTasks("wait", tasks) },
  ).finally(() => forget.forEach((each) => each()));
}
