import { expectSignal, expectTime } from "./arguments.ts";
import { DeadlineScope } from "./deadline.ts";
import { TimeoutError } from "./errors.ts";
import { type Item, itemFunction } from "./items.ts";
import { enclosingScope } from "./process-scope.ts";
import { obey } from "./signal.ts";
import { type TaskFunction, TaskScope } from "./task.ts";
import { type BlockOptions, inTime } from "./timeout.ts";

/**
 * Waits for one piece of work, at most `ms` milliseconds.
 *
 * Resolves with its value. When the time is over, the work is cancelled **and awaited**; then rejects
 * with {@link TimeoutError}, unless it gave a value or failed after all. A function is run in the
 * calling task; one with no time at all (0 or less) is not started. A promise can only be left behind.
 *
 * Rejects with `TypeError` (`JOINERY_INVALID_TIME`, `JOINERY_INVALID_ARGUMENT`) on a bad argument.
 *
 * *Cancellation*: cancels the work, a task as well, and waits for it.
 *
 * @example
 * ```ts
 * import { sleep, TimeoutError, waitFor } from "joinery";
 *
 * const error = await waitFor(() => sleep(60_000), 10).catch((reason: unknown) => reason);
 * console.log(error instanceof TimeoutError); // true
 * ```
 *
 * Idea: `asyncio.wait_for`.
 */
export async function waitFor<T>(
  item: Item<T>,
  ms: number,
  { signal, name }: BlockOptions = {},
): Promise<T> {
  expectTime("ms", ms);
  expectSignal(signal);
  const work = itemFunction(item, "of waitFor()") as TaskFunction<T>;
  if (ms <= 0 && typeof item === "function")
    throw new TimeoutError("There was no time left to start");
  if (item instanceof TaskScope && item.done()) return item.result() as T;
  const scope = new DeadlineScope("timeout", enclosingScope(signal), name);
  obey(scope, signal);
  return inTime(scope, ms, work as () => T | PromiseLike<T>);
}
