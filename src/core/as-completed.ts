import { expectOptions, badArgument } from "./arguments.ts";
import { enclosingScope } from "./process-scope.ts";
import type { WaitOptions } from "./sleep.ts";
import { refusal } from "./refusal.ts";
import { severalTasks } from "./resource.ts";
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
export function asCompleted<T extends Task<unknown>>(
  tasks: Iterable<T>,
  options: WaitOptions = {},
): AsyncIterableIterator<CompletedTask<Awaited<T>>> {
  const signal = expectOptions(options);
  return new Completions(expectTasks(tasks as Iterable<Task<Awaited<T>>>), signal);
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

type Step<T> = IteratorResult<CompletedTask<T>, undefined>;

class Completions<T> implements AsyncIterableIterator<CompletedTask<T>> {
  readonly #tasks: ReadonlySet<TaskScope<T>>;
  readonly #over: TaskScope<T>[] = [];
  #given = 0;
  /** Steps that were taken before there was something to give. */
  readonly #steps = new Set<Parked<Step<T>>>();
  readonly #forget: (() => void)[] = [];
  readonly #claims: (() => void)[] = [];
  readonly #signal: AbortSignal | undefined;
  /** How many handles no step has been promised. */
  #left: number;

  constructor(tasks: ReadonlySet<TaskScope<T>>, signal: AbortSignal | undefined) {
    this.#tasks = tasks;
    this.#signal = signal;
    this.#left = tasks.size;
    for (const task of tasks) {
      this.#claims.push(task.claim());
      this.#forget.push(task.whenOver(() => this.#ended(task)));
    }
  }

  #ended(task: TaskScope<T>): void {
    const [step] = this.#steps;
    if (step === undefined) return void this.#over.push(task);
    task.hear(); // the loop gets to see how it ended
    this.#steps.delete(step);
    step.resolve({ done: false, value: task });
  }

  async next(): Promise<Step<T>> {
    if (this.#left === 0) return { done: true, value: undefined };
    const refused = refusal(enclosingScope(this.#signal), this.#signal);
    if (refused) {
      this.#letGo();
      return refused;
    }
    this.#left--;
    const task = this.#over[this.#given];
    if (task) {
      task.hear();
      this.#given++;
      return { done: false, value: task };
    }
    return suspend<Step<T>>((step) => this.#park(step), {
      signal: this.#signal,
      label: "one of several tasks",
      resource: severalTasks("asCompleted", this.#tasks),
    });
  }

  #park(step: Parked<Step<T>>): () => void {
    this.#steps.add(step);
    return () => {
      this.#steps.delete(step);
      this.#left++;
      this.#letGo();
    };
  }

  /** The loop is over, or stopped: the errors of tasks that it has not been given are nobody's again. */
  #letGo(): void {
    for (const release of this.#claims.splice(0)) release();
  }

  async return(): Promise<Step<T>> {
    for (const forget of this.#forget) forget();
    this.#letGo();
    this.#left = 0;
    for (const step of this.#steps) step.resolve({ done: true, value: undefined });
    this.#steps.clear();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
