import { expectFunction } from "./arguments.ts";
import { block } from "./block.ts";
import type { Limiter } from "./concurrency.ts";
import { GroupScope } from "./group-scope.ts";
import type { ChildOptions, Task, TaskFunction } from "./task-handle.ts";

export type { ChildOptions } from "./task-handle.ts";

export interface TaskGroupOptions {
  /** For the tree, warnings and errors. */
  name?: string;
  /** Cancels the group as well. Default: the ambient scope's signal. */
  signal?: AbortSignal | undefined;
  /** How many children run at once: a number, or a limiter. The others wait their turn in order. Default: all. */
  concurrency?: number | Limiter;
  /** What a failure does: `"cancel"` the rest, or `"collect"` it and let the rest go on. Default: `"cancel"`. */
  onError?: "cancel" | "collect";
  /** Milliseconds after a cancellation until tasks that do not react are named. Default: 5000. */
  grace?: number;
}

/**
 * The handle of an open group: what the body of {@link taskGroup} gets. May be passed on; children may
 * create further children.
 */
export interface TaskGroup {
  readonly name: string;
  /** Aborts when the group is cancelled, by a failure or from outside. */
  readonly signal: AbortSignal;
  /** The children that are not over, in order of creation. */
  readonly tasks: readonly Task<unknown>[];
  /**
   * Starts a child, in a later microtask and in the asynchronous context of this call. In a cancelled
   * group the child is born cancelled and never runs. Throws `InvalidStateError` (`JOINERY_GROUP_CLOSED`)
   * when the group is over, `TypeError` (`JOINERY_EXPECTED_FUNCTION`, `JOINERY_STARTED_PROMISE`) if `fn` is no function.
   */
  createTask<T>(fn: TaskFunction<T>, options?: ChildOptions): Task<T>;
  /**
   * Starts a child and waits until it says that it is ready: resolves with what it gave to
   * `task.started(value)`. An error before that is thrown here and not in the group; a child that ends
   * without a word rejects with `InvalidStateError` (`JOINERY_NOT_STARTED`).
   *
   * *Cancellation*: cancels the child, and waits for it.
   */
  start<V>(fn: (task: StartingTask<V>) => unknown, options?: ChildOptions): Promise<V>;
  /**
   * Runs `cleanup` at the end of the group, after all children are over: last in, first out, one at a
   * time, shielded. Its errors join the group.
   */
  defer(cleanup: () => unknown): void;
}

/** The handle of a group that was opened with `{ cancellable: true }`. */
export interface CancellableTaskGroup extends TaskGroup {
  /** Ends the group without an error: cancels the body and all children, with `reason` as the `cause`. */
  cancel(reason?: unknown): void;
}

/** How a group with `{ cancellable: true }` ended. `value` is there if its body returned. */
export type GroupResult<R> =
  | { readonly cancelled: false; readonly value: R }
  | { readonly cancelled: true; readonly value: R | undefined };

/** A child of {@link TaskGroup.start}: a task that says when it is ready. */
export interface StartingTask<V> extends Task<unknown> {
  /** Says that the child is ready. Throws `InvalidStateError` (`JOINERY_ALREADY_STARTED`) when it has said so before. */
  started(value: V): void;
}

/**
 * Runs `body` with a group, to which it and its children add tasks. The heart of joinery.
 *
 * Resolves with the value of `body` once every child is over, its cleanup included.
 *
 * Rejects with one {@link ExceptionGroup}, `unhandled errors in a TaskGroup`, if a child or the body
 * failed. The first failure cancels the others and the body; all of them are awaited. In the group
 * stand the children's errors in order of completion, then the body's own; failures of the same turn
 * of the event loop all come out. A cancelled child is no error.
 *
 * Rejects on a bad argument with `TypeError` or `RangeError` (`JOINERY_EXPECTED_FUNCTION`,
 * `JOINERY_INVALID_CONCURRENCY`, `JOINERY_INVALID_TIME`, `JOINERY_INVALID_ARGUMENT`), and with
 * `InvalidStateError` (`JOINERY_SCOPE_LEFT_OPEN`) in the group if the body left a scope open.
 *
 * *Cancellation*: of a scope around it cancels the body and all children, and goes on when they are
 * over. If one of them fails meanwhile, its error comes out, and the scope around stays cancelled.
 * `{ cancellable: true }` gives the handle a `cancel()`, and makes the result say whether it was used:
 * `{ cancelled, value }`.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "joinery";
 *
 * const answer = await taskGroup(async (group) => {
 *   const one = group.createTask(async () => {
 *     await sleep(10);
 *     return 40;
 *   });
 *   const two = group.createTask(() => 2);
 *   return (await one) + (await two);
 * });
 * console.log(answer); // 42
 * ```
 *
 * Idea: `asyncio.TaskGroup`, Trio's nursery.
 */
export function taskGroup<R>(
  body: (group: CancellableTaskGroup) => R | PromiseLike<R>,
  options: TaskGroupOptions & { cancellable: true },
): Promise<GroupResult<R>>;
export function taskGroup<R>(
  body: (group: TaskGroup) => R | PromiseLike<R>,
  options?: TaskGroupOptions & { cancellable?: false },
): Promise<R>;
export function taskGroup<R>(
  body: (group: CancellableTaskGroup) => R | PromiseLike<R>,
  options: TaskGroupOptions & { cancellable?: boolean } = {},
): Promise<R | GroupResult<R>> {
  const open = (): GroupScope => {
    expectFunction("body", body);
    return new GroupScope(options);
  };
  return block(open, (group) => group.run(body));
}
