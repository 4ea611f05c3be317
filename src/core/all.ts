import { ExceptionGroup } from "./exception-group.ts";
import type { GroupScope } from "./group-scope.ts";
import { type ItemList, type Items, type ItemValues, listItems } from "./items.ts";
import { startInTurn } from "./lanes.ts";
import { enclosingScope } from "./process-scope.ts";
import type { Task } from "./task.ts";
import { type TaskGroup, taskGroup, type TaskGroupOptions } from "./task-group.ts";

/** The options of {@link all} and {@link allSettled}: those of a group, without `onError`. */
export type AllOptions = Omit<TaskGroupOptions, "onError">;

/**
 * Waits for several pieces of work as one: the structured twin of `Promise.all`.
 *
 * Resolves with the results in the shape of the items: tuple for tuple, array for array or iterable,
 * record for record. Rejects as {@link taskGroup} does: the first failure cancels the others, all are
 * awaited, every error comes out in one {@link ExceptionGroup}.
 *
 * With `concurrency` an item becomes a task when there is a place for it; one whose turn does not come never does.
 *
 * Rejects with `TypeError` (`JOINERY_INVALID_ARGUMENT`) if an item is no function, task or promise.
 *
 * *Cancellation*: cancels all items. A function and a task can be; a promise that was started before
 * can only be left behind (see {@link abandonable}).
 *
 * @example
 * ```ts
 * import { all, sleep } from "joinery";
 *
 * const { user, posts } = await all({
 *   user: async () => {
 *     await sleep(10);
 *     return "Ada";
 *   },
 *   posts: () => [1, 2, 3],
 * });
 * console.log(user, posts.length); // Ada 3
 * ```
 *
 * Idea: `Promise.all`, and the proposal `Promise.allKeyed`.
 */
export async function all<const I extends Items>(
  items: I,
  options: AllOptions = {},
): Promise<ItemValues<I>> {
  const list = listItems(items);
  const results = await taskGroup((group) => startItems(group, list, options), options);
  return list.assemble(results().map(valueOf)) as ItemValues<I>;
}

/** What {@link allSettled} resolves with. */
export type Settled<I> =
  ItemValues<I> extends infer V ? { [K in keyof V]: PromiseSettledResult<V[K]> } : never;

/**
 * Waits until several pieces of work have ended, well or not: the structured twin of `Promise.allSettled`.
 *
 * Resolves with `{ status: "fulfilled", value }` or `{ status: "rejected", reason }` for each item, in
 * the shape of the items. A failure cancels nobody. Rejects with `TypeError` (`JOINERY_INVALID_ARGUMENT`)
 * if an item is no function, task or promise.
 *
 * *Cancellation*: cancels all items, waits for them, and rejects with the `CancelledError`.
 *
 * @example
 * ```ts
 * import { allSettled } from "joinery";
 *
 * const [good, bad] = await allSettled([() => 1, () => Promise.reject(new Error("no"))]);
 * console.log(good.status, bad.status); // fulfilled rejected
 * ```
 *
 * Idea: `Promise.allSettled`.
 */
export async function allSettled<const I extends Items>(
  items: I,
  options: AllOptions = {},
): Promise<Settled<I>> {
  const list = listItems(items);
  let results!: () => Result[];
  const body = (group: TaskGroup): void => {
    results = startItems(group, list, options);
  };
  try {
    await taskGroup(body, { ...options, onError: "collect" });
  } catch (error) {
    // The errors of the items are results; unless a cancellation goes on, and there will be no list.
    if (!(error instanceof ExceptionGroup) || isCancelledHere(options.signal)) throw error;
  }
  return list.assemble(results()) as Settled<I>;
}

type Result = PromiseSettledResult<unknown>;

/** Starts the items in `group`; what it returns gives how they ended, in order, when the group is over. */
function startItems(group: TaskGroup, list: ItemList, { concurrency }: AllOptions): () => Result[] {
  if (typeof concurrency === "number" && concurrency < list.functions.length)
    return startInTurn(group as GroupScope, list, concurrency);
  const tasks = startAll(group, list);
  return () => tasks.map(settledResult);
}

export function startAll(group: TaskGroup, { functions, names }: ItemList): Task<unknown>[] {
  if (names) return functions.map((fn, i) => group.createTask(fn, { name: names[i] as string }));
  return functions.map((fn) => group.createTask(fn));
}

function isCancelledHere(signal: AbortSignal | undefined): boolean {
  return enclosingScope(signal).cancellation !== undefined || signal?.aborted === true;
}

function valueOf(result: Result): unknown {
  return (result as PromiseFulfilledResult<unknown>).value;
}

function settledResult(task: Task<unknown>): Result {
  try {
    return { status: "fulfilled", value: task.result() };
  } catch (reason) {
    return { status: "rejected", reason };
  }
}
