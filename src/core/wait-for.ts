import { expectOptions, expectTime } from "./arguments.ts";
import { block } from "./block.ts";
import { explicitSignal } from "./context.ts";
import { DeadlineScope } from "./deadline.ts";
import { TimeoutError } from "./errors.ts";
import { type Item, itemFunction, takeOver } from "./items.ts";
import { enclosingScope } from "./process-scope.ts";
import { obey } from "./signal.ts";
import { type Task, type TaskFunction, TaskScope } from "./task.ts";
import { type BlockOptions, inTime } from "./timeout.ts";

/**
 * Waits for one piece of work, at most `ms` milliseconds.
 *
 * Resolves with its value. When the time is over, the work is cancelled **and awaited**; then rejects
 * with {@link TimeoutError}, unless it gave a value or failed after all. A function is run as a task
 * of its own; one with no time at all (0 or less) is not started. A promise can only be left behind.
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
export function waitFor<T>(item: Item<T>, ms: number, options: BlockOptions = {}): Promise<T> {
  let work: TaskFunction<T>;
  return block(
    () => {
      expectTime("ms", ms);
      const signal = expectOptions(options);
      work = itemFunction(item, "of waitFor()");
      const scope = new DeadlineScope(enclosingScope(signal), options.name);
      obey(scope, signal);
      if (ms <= 0 && typeof item === "function" && !scope.cancellation) {
        scope.close();
        throw new TimeoutError("There was no time left to start");
      }
      return scope;
    },
    (scope) =>
      inTime(scope, ms, (handle) => {
        // A task of its own, whose handle its function gets; one that we were given needs no second one.
        if (typeof item !== "function") return work(handle as unknown as Task<T>);
        return takeOver(new TaskScope(scope, work), explicitSignal(handle));
      }),
  );
}
