/** What users see of a task. The machine behind it is `task.ts`. */

/**
 * Where a task stands: `new` (it has not taken its first step), `running`, `cancelling` (asked to
 * stop, and not over), `done` (it returned), `failed` (it threw), `cancelled`.
 */
export type TaskState = "new" | "running" | "cancelling" | "done" | "failed" | "cancelled";

/** How a task came out. */
export type Outcome = "done" | "failed" | "cancelled";

/**
 * A handle on a piece of work that was started. `await` it for its result.
 *
 * Awaiting resolves with what the task's function returned and rejects with what it threw, or with
 * its `CancelledError`. A child of a group is owned by the group: nobody has to await it, its
 * error comes out there in any case.
 *
 * *Cancellation*: awaiting is not owning. When the scope that awaits is cancelled, the wait ends and
 * the task goes on. A task that awaits itself gets an `InvalidStateError` (`JOINERY_SELF_AWAIT`).
 *
 * Idea: `asyncio.Task`.
 */
export interface Task<out T> extends PromiseLike<T> {
  /** Its number in the process. */
  readonly id: number;
  /** The `name` option, or the name of its function and its `id`. */
  readonly name: string;
  readonly state: TaskState;
  /** Aborts when the task is cancelled. Hand it to everything that takes a signal. */
  readonly signal: AbortSignal;
  /**
   * Asks the task to stop, with `reason` as the `cause` of its `CancelledError`. One that has not
   * taken its first step never will. Returns `false` if it is over already. The first reason wins.
   */
  cancel(reason?: unknown): boolean;
  /** Whether it is over, in whatever way. */
  done(): boolean;
  /** Whether it ended by its cancellation. */
  cancelled(): boolean;
  /**
   * What it returned. Throws what it threw; its `CancelledError` if it was cancelled; an
   * `InvalidStateError` (`JOINERY_NOT_DONE`) if it is not over.
   */
  result(): T;
  /**
   * What it threw, or `undefined` if it returned. Throws its `CancelledError` if it was cancelled, an
   * `InvalidStateError` (`JOINERY_NOT_DONE`) if it is not over.
   */
  exception(): Error | undefined;
  /**
   * Calls `callback` with the task when it is over, at once if it is; until the returned function is
   * called. Hears of the end and takes nothing: an error that nobody awaits is as unhandled as before.
   * The call is synchronous; one that throws is an unhandled rejection.
   */
  addDoneCallback(callback: (task: Task<T>) => void): () => void;
}

/** A task that is over, where TypeScript must not take it for a promise: what {@link asCompleted} gives. */
export type CompletedTask<T> = Omit<Task<T>, "then">;

export interface TaskOptions {
  /** For the tree, warnings and errors. Default: the name of the function and a number. */
  name?: string;
  /** Cancels the task as well. */
  signal?: AbortSignal | undefined;
}

export interface ChildOptions extends TaskOptions {
  /**
   * Does not keep the group open: when the body and all other children are over, it is cancelled
   * (source `shutdown`) and awaited. Its errors count like those of any child.
   */
  background?: boolean;
}

/** A task's function. Its argument is the task's own handle: `({ signal }) => fetch(url, { signal })`. */
export type TaskFunction<T> = (task: Task<unknown>) => T | PromiseLike<T>;
