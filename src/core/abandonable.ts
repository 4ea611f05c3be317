import { expectSignal, badArgument } from "./arguments.ts";
import { isThenable } from "./errors.ts";
import { leaveBehind } from "./ghosts.ts";
import { enclosingScope } from "./process-scope.ts";
import type { WaitOptions } from "./sleep.ts";
import { suspend } from "./wait.ts";

export interface AbandonableOptions extends WaitOptions {
  /** What to call the promise when it has to be named. */
  label: string;
}

/**
 * Waits for a promise of somebody else, and leaves it behind when the wait is cancelled: the only way
 * to do so.
 *
 * Settles as `promise` does. Rejects with `TypeError` (`JOINERY_INVALID_ARGUMENT`) if it is no promise
 * or has no `label`.
 *
 * *Cancellation*: ends the wait at once. What the promise stands for goes on: it stays visible as a
 * *ghost* until it settles; a late error is a process warning (`JOINERY_GHOST_ERROR`) with the label,
 * never an unhandled rejection. Prefer to hand over the `signal`; then there is nothing to leave behind.
 *
 * @example
 * ```ts
 * import { abandonable, moveOnAfter } from "joinery";
 *
 * const slow = new Promise((resolve) => setTimeout(resolve, 50, "late"));
 * const answer = await moveOnAfter(10, () => abandonable(slow, { label: "the slow one" }));
 * console.log(answer.expired); // true
 * ```
 *
 * Idea: Trio's `abandon_on_cancel`.
 */
export async function abandonable<T>(
  promise: PromiseLike<T>,
  options: AbandonableOptions,
): Promise<T> {
  if (!isThenable(promise)) throw badArgument("promise", "a promise", promise);
  if (typeof options?.label !== "string") throw badArgument("label", "a string", options?.label);
  const { label, signal } = options;
  expectSignal(signal);
  const { clock } = enclosingScope(signal).timers;
  const ghost = (): void => leaveBehind(promise, { label, since: clock.now() });
  let parked = false;
  return suspend<T>(
    (wait) => {
      parked = true;
      promise.then(
        (value) => wait.resolve(value),
        (error: unknown) => wait.reject(error),
      );
      return ghost;
    },
    { signal, label },
  ).finally(() => parked || ghost());
}
