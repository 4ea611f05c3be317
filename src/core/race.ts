import { type AllOptions, startAll } from "./all.ts";
import { asCompleted } from "./as-completed.ts";
import { ExceptionGroup } from "./exception-group.ts";
import { warn } from "./host.ts";
import { expectItems, type ItemList, type Items, type ItemValues, listItems } from "./items.ts";
import type { CompletedTask, Task } from "./task.ts";
import { taskGroup } from "./task-group.ts";

/** The value of any one of the items. */
export type AnyValue<I> =
  ItemValues<I> extends infer V
    ? V[keyof V & (V extends readonly unknown[] ? number : keyof V)]
    : never;

/**
 * The outcome of whichever piece of work ends first; the others are cancelled **and awaited**: the
 * structured twin of `Promise.race`.
 *
 * Resolves or rejects as the first item to end does, when the losers are over. An error of a loser
 * is a process warning (`JOINERY_LATE_ERROR`). Rejects with `RangeError` (`JOINERY_NO_ITEMS`) if there
 * are no items, with `TypeError` (`JOINERY_INVALID_ARGUMENT`) if one is no function, task or promise.
 *
 * *Cancellation*: cancels all items, waits for them, and rejects with the `CancelledError`.
 *
 * @example
 * ```ts
 * import { race, sleep } from "joinery";
 *
 * const winner = await race([
 *   async () => {
 *     await sleep(60_000);
 *     return "tortoise";
 *   },
 *   () => "hare",
 * ]);
 * console.log(winner); // hare
 * ```
 *
 * Idea: `Promise.race`, Trio's cancel-the-rest nursery.
 */
export async function race<const I extends Items>(
  items: I,
  options: AllOptions = {},
): Promise<AnyValue<I>> {
  const list = listItems(items);
  expectItems(list.functions.length, "race()");
  const { winner, tasks } = await compete(list, options, () => true);
  for (const task of tasks) if (task !== winner && task.state === "failed") announce(task);
  return (winner as CompletedTask<unknown>).result() as AnyValue<I>;
}

/**
 * The value of the first piece of work that succeeds; the others are cancelled **and awaited**: the
 * structured twin of `Promise.any`.
 *
 * Resolves with that value, when the losers are over. Failures before it are what `any` is there for,
 * and not reported. If all fail: rejects with an {@link ExceptionGroup} of all errors, in the order of
 * the items. Rejects with `RangeError` (`JOINERY_NO_ITEMS`) if there are no items, with `TypeError`
 * (`JOINERY_INVALID_ARGUMENT`) if one is no function, task or promise.
 *
 * *Cancellation*: cancels all items, waits for them, and rejects with the `CancelledError`.
 *
 * @example
 * ```ts
 * import { any } from "joinery";
 *
 * console.log(await any([() => Promise.reject(new Error("down")), () => "mirror"])); // mirror
 * ```
 *
 * Idea: `Promise.any`.
 */
export async function any<const I extends Items>(
  items: I,
  options: AllOptions = {},
): Promise<AnyValue<I>> {
  const list = listItems(items);
  expectItems(list.functions.length, "any()");
  const { winner, tasks } = await compete(list, options, (task) => task.state === "done");
  if (winner) return winner.result() as AnyValue<I>;
  throw new ExceptionGroup("no item of any() succeeded", tasks.map(failure));
}

interface Competition {
  winner: CompletedTask<unknown> | undefined;
  tasks: Task<unknown>[];
}

/** Starts all items, and cancels the rest as soon as one has ended that `wins`. */
async function compete(
  list: ItemList,
  options: AllOptions,
  wins: (task: CompletedTask<unknown>) => boolean,
): Promise<Competition> {
  const outcome: Competition = { winner: undefined, tasks: [] };
  try {
    await taskGroup(
      async (group) => {
        outcome.tasks = startAll(group, list);
        for await (const task of asCompleted(outcome.tasks)) {
          if (!wins(task)) continue;
          outcome.winner = task;
          return group.cancel("another item was first");
        }
      },
      { ...options, onError: "collect", cancellable: true },
    );
  } catch (error) {
    // Its errors are those of the items, and the caller looks at these; unless nobody could win.
    const decided =
      outcome.winner !== undefined || outcome.tasks.every((task) => task.state === "failed");
    if (!decided) throw error;
  }
  return outcome;
}

function failure(task: Task<unknown>): Error {
  try {
    return task.exception() as Error;
  } catch (cancelled) {
    return cancelled as Error;
  }
}

function announce(task: Task<unknown>): void {
  warn(
    "JOINERY_LATE_ERROR",
    `task "${task.name}" failed after the race() was decided: ${String(failure(task))}`,
  );
}
