import { type AllOptions, startAll } from "./all.ts";
import { asCompleted } from "./as-completed.ts";
import { explicitSignal } from "./context.ts";
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
  announceFailures(tasks.filter((task) => task !== winner));
  return (winner as CompletedTask<unknown>).result() as AnyValue<I>;
}

/**
 * The value of the first piece of work that succeeds; the others are cancelled **and awaited**: the
 * structured twin of `Promise.any`.
 *
 * Resolves with that value, when the losers are over. Failures before it are what `any` is there for,
 * and not reported; one of a loser after it is a process warning (`JOINERY_LATE_ERROR`). If all fail: rejects with an {@link ExceptionGroup} of all errors, in the order of
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
  const { winner, tasks, unfinished } = await compete(
    list,
    options,
    (task) => task.state === "done",
  );
  announceFailures(unfinished);
  if (winner) return winner.result() as AnyValue<I>;
  throw new ExceptionGroup("no item of any() succeeded", tasks.map(failure));
}

interface Competition {
  winner: CompletedTask<unknown> | undefined;
  /** Whether all have ended, and none has won. */
  exhausted: boolean;
  tasks: Task<unknown>[];
  /** Those that were not over when it was decided. */
  unfinished: Task<unknown>[];
}

/** Starts all items, and cancels the rest as soon as one has ended that `wins`. */
async function compete(
  list: ItemList,
  options: AllOptions,
  wins: (task: CompletedTask<unknown>) => boolean,
): Promise<Competition> {
  const outcome: Competition = { winner: undefined, exhausted: false, tasks: [], unfinished: [] };
  try {
    await taskGroup(
      async (group) => {
        outcome.tasks = startAll(group, list);
        for await (const task of asCompleted(outcome.tasks, { signal: explicitSignal(group) })) {
          if (!wins(task)) continue;
          outcome.winner = task;
          outcome.unfinished = outcome.tasks.filter((each) => !each.done());
          return group.cancel("another item was first");
        }
        outcome.exhausted = true;
      },
      { ...options, onError: "collect", cancellable: true },
    );
  } catch (error) {
    // Its errors are those of the items; they count only if nothing was decided.
    if (outcome.winner === undefined && !outcome.exhausted) throw error;
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

function announceFailures(losers: readonly Task<unknown>[]): void {
  for (const task of losers) {
    if (task.state !== "failed") continue;
    const text = `task "${task.name}" failed after another item was first: ${String(failure(task))}`;
    warn("JOINERY_LATE_ERROR", text);
  }
}
