import { expectOptions } from "./arguments.ts";
import { rootAround } from "./create-task.ts";
import type { CancelledError } from "./errors.ts";
import { warn } from "./host.ts";
import { type Item, type ItemValues, listItems } from "./items.ts";
import { enclosingScope } from "./process-scope.ts";
import type { WaitOptions } from "./sleep.ts";
import { refusal } from "./refusal.ts";
import { severalTasks } from "./resource.ts";
import { TaskScope } from "./task.ts";
import { type Parked, suspend, type Unpark } from "./wait.ts";

export interface GatherOptions extends WaitOptions {
  /** Puts errors into the list of results instead of throwing the first. Default: `false`. */
  returnExceptions?: boolean;
}

/** A result of {@link gather} with `returnExceptions`: the value, or the error in its place. */
export type OrError<V> = { -readonly [K in keyof V]: V[K] | Error };

/**
 * Waits for several pieces of work, and lets them run on when one fails. Kept for those who know it from
 * asyncio; {@link all} is what you want: it stops the others, waits for them, and reports every error.
 *
 * Resolves with the results in the order of the items. Rejects with the first error, at once; **the
 * rest run on**, as background tasks of the enclosing {@link run}. An error after the first is a
 * process warning (`JOINERY_LATE_ERROR`). With `returnExceptions` errors stand in the list instead.
 *
 * Rejects with `TypeError` (`JOINERY_INVALID_ARGUMENT`) if an item is no function, task or promise.
 *
 * *Cancellation*: cancels all items that can be (a promise cannot), and rejects when the first of them
 * has ended; with `returnExceptions`, when all have.
 *
 * @example
 * ```ts
 * import { gather, sleep } from "joinery";
 *
 * const results = await gather([
 *   async () => {
 *     await sleep(20);
 *     return "slow";
 *   },
 *   () => "quick",
 * ]);
 * console.log(results); // [ 'slow', 'quick' ]
 * ```
 *
 * Idea: `asyncio.gather`.
 */
export function gather<const I extends readonly Item<unknown>[] | Iterable<Item<unknown>>>(
  items: I,
  options: GatherOptions & { returnExceptions: true },
): Promise<OrError<ItemValues<I>>>;
export function gather<const I extends readonly Item<unknown>[] | Iterable<Item<unknown>>>(
  items: I,
  options?: GatherOptions & { returnExceptions?: false },
): Promise<ItemValues<I>>;
export function gather<const I extends readonly Item<unknown>[] | Iterable<Item<unknown>>>(
  items: I,
  options: GatherOptions,
): Promise<OrError<ItemValues<I>>>;
export async function gather(
  items: Iterable<Item<unknown>>,
  options: GatherOptions = {},
): Promise<unknown> {
  const signal = expectOptions(options);
  const { returnExceptions = false } = options;
  const list = listItems(items);
  const scope = enclosingScope(signal);
  const refused = refusal(scope, signal);
  if (refused) return refused;
  if (list.items.length === 0) return [];
  const tasks = list.items.map((item, i) =>
    item instanceof TaskScope ? item : new TaskScope(rootAround(scope), list.functions[i]!),
  );
  return suspend<unknown[]>((wait) => new Gathering(tasks, wait).begin(returnExceptions), {
    signal,
    label: `gather of ${tasks.length}`,
    resource: severalTasks("gather", tasks),
  });
}

class Gathering {
  readonly #tasks: readonly TaskScope<unknown>[];
  readonly #wait: Parked<unknown[]>;
  #running: number;
  #settled = false;
  #cancelled: CancelledError | undefined;

  constructor(tasks: readonly TaskScope<unknown>[], wait: Parked<unknown[]>) {
    this.#tasks = tasks;
    this.#wait = wait;
    this.#running = new Set(tasks).size;
  }

  begin(returnExceptions: boolean): Unpark {
    for (const task of new Set(this.#tasks)) {
      task.hear();
      task.whenOver(() => (returnExceptions ? this.#count() : this.#ended(task)));
    }
    return (error) => {
      this.#cancelled = error;
      for (const task of this.#tasks) task.requestCancel("parent", error);
      return false;
    };
  }

  #ended(task: TaskScope<unknown>): void {
    if (this.#settled) {
      if (task.state === "failed" && !task.owned) announce(task);
    } else if (task.state === "done") {
      this.#count();
    } else {
      this.#settled = true;
      const error = task.cancelled() ? (this.#cancelled ?? task.cancellation) : task.exception();
      this.#wait.reject(error);
    }
  }

  #count(): void {
    if (--this.#running > 0) return;
    this.#settled = true;
    if (this.#cancelled === undefined) return void this.#wait.resolve(this.#tasks.map(outcome));
    for (const task of new Set(this.#tasks))
      if (task.state === "failed" && !task.owned) announce(task); // there will be no list
    this.#wait.reject(this.#cancelled);
  }
}

function outcome(task: TaskScope<unknown>): unknown {
  if (task.cancelled()) return task.cancellation;
  return task.exception() ?? task.result();
}

function announce(task: TaskScope<unknown>): void {
  warn(
    "JOINERY_LATE_ERROR",
    `${task.title} failed after its gather() had: ${String(task.exception())}`,
  );
}
