/**
 * Signals from outside. One listener for each scope or wait that named the signal, taken off when
 * that is over; never one for each child, which would be quadratic on every runtime.
 */

import { CancelledError } from "./errors.ts";
import { Scope } from "./scope.ts";

let listening = 0;

/** How many listeners joinery has on signals that it was given. */
export function listenerCount(): number {
  return listening;
}

const errors = new WeakMap<AbortSignal, CancelledError>();

/** The cancellation that an aborted signal stands for: one object a signal. */
export function cancelledBy(signal: AbortSignal): CancelledError {
  if (signal.reason instanceof CancelledError) return signal.reason;
  let error = errors.get(signal);
  if (error === undefined) {
    error = new CancelledError("The signal that was passed has aborted", {
      source: "signal",
      cause: signal.reason,
    });
    errors.set(signal, error);
  }
  return error;
}

/** Calls `listener` when `signal` aborts, unless the returned function is called before. */
export function listenTo(
  signal: AbortSignal,
  listener: (error: CancelledError) => void,
): () => void {
  const heard = (): void => listener(cancelledBy(signal));
  signal.addEventListener("abort", heard);
  listening++;
  return () => {
    signal.removeEventListener("abort", heard);
    listening--;
  };
}

/** Whether code in `scope` has to listen to `signal`: not if the tree brings it the same cancellation anyway. */
export function mustListen(scope: Scope, signal: AbortSignal | undefined): signal is AbortSignal {
  if (signal === undefined) return false;
  const origin = Scope.of(signal);
  if (origin === undefined) return true;
  for (let s: Scope | undefined = scope; s !== undefined; s = s.shielded ? undefined : s.parent) {
    if (s === origin) return false;
  }
  return true;
}

/** Cancels `scope` when `signal` aborts. */
export function obey(scope: Scope, signal: AbortSignal | undefined): void {
  if (!mustListen(scope, signal)) return;
  if (signal.aborted) scope.cancelWith(cancelledBy(signal), false);
  else scope.atClose(listenTo(signal, (error) => scope.cancelWith(error, false)));
}
