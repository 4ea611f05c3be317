/** How code is told of its cancellation: a wait that is woken by it, or is refused on entry. */

import { nextTurn } from "./clock.ts";
import type { CancelledError } from "./errors.ts";
import { heard } from "./events.ts";
import type { Scope } from "./scope.ts";
import { cancelledBy } from "./signal.ts";

/** A wait that was refused, where, and how often the code was told of that cancellation, this time included. */
interface Refusal {
  readonly cancellation: CancelledError;
  readonly times: number;
  readonly at: Error;
}

/** What the code of a task was told last: by a wait that it was woken from, or that it was refused. */
export type Told = CancelledError | Refusal;

/** The code of `host` has returned in spite of `error`. To be called under `if (heard.swallowed)`. */
export function returned(host: Scope, error: CancelledError): void {
  const times = timesTold(host, error);
  if (times > 0) host.report({ type: "swallowed", error, how: "returned", times });
}

/**
 * A promise that refuses to wait, if `scope` or `signal` is cancelled (W1).
 * Remembers with the task where it happened, for the case that the task goes on.
 */
export function refusal(scope: Scope, signal?: AbortSignal): Promise<never> | undefined {
  const error = scope.cancellation ?? (signal?.aborted ? cancelledBy(signal) : undefined);
  if (error === undefined) return undefined;
  const { host } = scope;
  const times = timesTold(host, error) + 1;
  if (heard.swallowed && times > 1) host.report({ type: "swallowed", error, how: "waited", times });
  const refused = refuse(host, error);
  host.told = { cancellation: error, times, at: new Error("refused here") };
  return refused;
}

/** Rejects with `error`: at once when the code of `host` is told of a cancellation for the first time, else in a later turn (W5). */
export function refuse(host: Scope, error: CancelledError): Promise<never> {
  const again = host.told !== undefined;
  tell(host, error);
  if (again) return new Promise((_, reject) => nextTurn(() => reject(error)));
  return Promise.reject(error);
}

/** The code of `host` hears of `error`: of one and the same only once. */
export function tell(host: Scope, error: CancelledError): void {
  if (timesTold(host, error) > 0) return;
  if (heard.delivered) host.report({ type: "delivered", error, how: "wait" });
  host.told = error;
}

/** How often the code of `host` was told of `error`, if that was the last one that it was told of. */
export function timesTold(host: Scope, error: CancelledError): number {
  return host.told === error ? 1 : (lastRefusal(host, error)?.times ?? 0);
}

/** The last wait that the code of `host` was refused, if it was for `error`. */
export function lastRefusal({ told }: Scope, error: CancelledError): Refusal | undefined {
  return told && "at" in told && told.cancellation === error ? told : undefined;
}
