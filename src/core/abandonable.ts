import { expectOptions, badArgument } from "./arguments.ts";
import { isThenable } from "./errors.ts";
import { foreignPromise } from "./ghosts.ts";
import { enclosingScope } from "./process-scope.ts";
import { refusal } from "./refusal.ts";
import type { WaitOptions } from "./sleep.ts";
import { TaskScope } from "./task.ts";
import { type Parked, suspend, type Unpark } from "./wait.ts";

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
 * *ghost* until it settles (a task is none: it has an owner); a late error is a process warning (`JOINERY_GHOST_ERROR`) with the label,
 * never an unhandled rejection. Prefer to hand over the `signal`; then there is nothing to leave behind.
 *
 * @example
 * ```ts
 * import { abandonable, moveOnAfter } from "joinery";
 *
 * const slow = new Promise((resolve) => setTimeout(resolve, 500, "late"));
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
  const signal = expectOptions(options ?? {});
  if (promise instanceof TaskScope) return promise.join(signal);
  if (typeof options?.label !== "string") throw badArgument("label", "a string", options?.label);
  const { label } = options;
  const scope = enclosingScope(signal);
  const foreign = foreignPromise(promise);
  const leave = (): void => foreign.leave(label, scope);
  const refused = refusal(scope, signal);
  if (refused) {
    leave();
    return refused;
  }
  const park = (wait: Parked<T>): Unpark => {
    foreign.waits.add(wait);
    return () => {
      foreign.waits.delete(wait);
      leave();
    };
  };
  const resource = { kind: "promise", name: label, foreign: true };
  return suspend<T>(park, { signal, label, resource });
}
