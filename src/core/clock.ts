/**
 * The seam to the platform's time. Everything that waits for a time does it on the clock of its
 * scope, which is that of the enclosing `run`; a test puts a virtual one there.
 */

/** Where time comes from. `run(main, { clock })` takes one. */
export interface Clock {
  /** Milliseconds, never going back. On the system's clock they count from the epoch, as `Date.now()` does. */
  now(): number;
  /** Calls `callback` once, `ms` from now. `Infinity` keeps the program alive and never calls. */
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

const longestTimeout = 2 ** 31 - 1;

const { timeOrigin } = performance;

export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(ms, longestTimeout)),
  clearTimeout: (handle) => clearTimeout(handle),
};

let waiting: (() => void)[] = [];

/**
 * Calls `callback` in a later turn of the event loop, after all microtasks of this one; together with
 * the other callbacks of this turn, in order and without a microtask between them.
 */
export function nextTurn(callback: () => void): void {
  if (waiting.push(callback) === 1) afterThisTurn();
}

function callWaiting(): void {
  const due = waiting;
  waiting = [];
  for (const callback of due) callback();
}

const afterThisTurn = findAfterThisTurn();

function findAfterThisTurn(): () => void {
  if (typeof setImmediate === "function") {
    const immediately = setImmediate;
    return () => void immediately(callWaiting);
  }
  // A browser's setTimeout(0) becomes 4 ms when nested; a message does not.
  const { port1, port2 } = new MessageChannel();
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a port starts with onmessage, not with a listener
  port1.onmessage = callWaiting;
  return () => port2.postMessage(null);
}
