import { expectSignal, badArgument } from "./arguments.ts";
import type { WaitOptions } from "./sleep.ts";
import { type CompletedTask, type Task, TaskScope } from "./task.ts";
import { type Parked, suspend } from "./wait.ts";

/**
 * The handles of `tasks` in the order in which they end, as an async iterable.
 *
 * Each step resolves with one of the given handles, which is over: look at its `state` or `result()`.
 * Those that are over at the call come first. Leaving the loop leaves the tasks alone. Throws `TypeError`
 * (`JOINERY_INVALID_ARGUMENT`) if something in `tasks` is no task.
 *
 * *Cancellation*: a step is a wait, and rejects; no handle is lost by it, the next step gives it.
 *
 * @example
 * ```ts
 * import { asCompleted, sleep, taskGroup } from "joinery";
 *
 * await taskGroup(async (group) => {
 *   const tasks = [30, 10].map((ms) => group.createTask(() => sleep(ms), { name: `${ms} ms` }));
 *   for await (const task of asCompleted(tasks)) {
 *     console.log(task.name);
 *   }
 * });
 * // 10 ms
 * // 30 ms
 * ```
 *
 * Idea: `asyncio.as_completed`. It is no async generator, which would await the handles.
 */
export function asCompleted<T>(
  tasks: Iterable<Task<T>>,
  { signal }: WaitOptions = {},
): AsyncIterableIterator<CompletedTask<T>> {
  expectSignal(signal);
  return new Completions(expectTasks(tasks), signal);
}

/** The distinct tasks in `tasks`. */
export function expectTasks<T>(tasks: Iterable<Task<T>>): Set<TaskScope<T>> {
  if (typeof tasks?.[Symbol.iterator] !== "function")
    throw badArgument("tasks", "an iterable of tasks", tasks);
  const set = new Set(tasks as Iterable<TaskScope<T>>);
  for (const task of set) {
    if (!(task instanceof TaskScope)) throw badArgument("tasks", "handles from createTask()", task);
  }
  return set;
}

class Completions<T> implements AsyncIterableIterator<CompletedTask<T>> {
  readonly #over: TaskScope<T>[] = [];
  readonly #forget: (() => void)[] = [];
  readonly #signal: AbortSignal | undefined;
  #left: number;
  #next: Parked<void> | undefined;

  constructor(tasks: ReadonlySet<TaskScope<T>>, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#left = tasks.size;
    for (const task of tasks) this.#forget.push(task.whenOver(() => this.#ended(task)));
  }

  #ended(task: TaskScope<T>): void {
    this.#over.push(task);
    this.#next?.resolve();
  }

  async next(): Promise<IteratorResult<CompletedTask<T>, undefined>> {
    if (this.#left === 0) return { done: true, value: undefined };
    if (this.#over.length === 0) await this.#oneMore();
    this.#left--;
    return { done: false, value: this.#over.shift() as TaskScope<T> };
  }

  #oneMore(): Promise<void> {
    return suspend<void>(
      (wait) => {
        this.#next = wait;
      },
      { signal: this.#signal, label: `the next of ${this.#left} tasks` },
    );
  }

  return(): Promise<IteratorResult<CompletedTask<T>, undefined>> {
    for (const forget of this.#forget) forget();
    this.#left = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
