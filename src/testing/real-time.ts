/**
 * The time in which the test itself runs. The functions of the platform as they are when this is loaded:
 * a test that replaces the globals later does not stop us.
 */

import { nextTurn, systemClock } from "../core/clock.ts";

const { setTimeout: setRealTimeout, clearTimeout: clearRealTimeout } = globalThis;

/** Calls `callback` in `ms` milliseconds, unless the returned function is called before. */
export function afterRealTime(ms: number, callback: () => void): () => void {
  const handle = setRealTimeout(callback, ms);
  return () => clearRealTimeout(handle);
}

/** Milliseconds, for differences. */
export function realNow(): number {
  return systemClock.now();
}

/** Lets `count` turns of the event loop pass. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>(nextTurn);
}

type Defer = (callback: () => void) => void;

/** More than the code between two waits takes, where nobody can tell when the microtasks are over. */
const manyMicrotasks = 50;

/** What calls a function when the microtasks that there are, and those that they lead to, are over, in the same turn. */
export function findAfterMicrotasks(nextTick: Defer | undefined): Defer {
  // The ticks that are called for in a microtask come when there are no more microtasks.
  if (nextTick) return (callback) => queueMicrotask(() => nextTick(callback));
  return (callback) => {
    let left = manyMicrotasks;
    const hop = (): void => (left-- > 0 ? queueMicrotask(hop) : callback());
    hop();
  };
}

export const afterMicrotasks: Defer = findAfterMicrotasks(globalThis.process?.nextTick);
