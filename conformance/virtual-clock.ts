/** A clock for many programs at once: it stands still while any of them does something. */

import type { Clock } from "joinery";

/** Turns of the event loop without a jump: more than any program needs at one time. */
const quietTurns = 60;

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export class VirtualClock implements Clock {
  #now = 0;
  /** By time; in order of creation at one time. */
  readonly #timers = new Map<number, Set<Timer>>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.#now + ms, callback };
    const same = this.#timers.get(timer.at);
    if (same) same.add(timer);
    else this.#timers.set(timer.at, new Set([timer]));
    return timer;
  }

  clearTimeout(handle: unknown): void {
    const timer = handle as Timer;
    this.#timers.get(timer.at)?.delete(timer);
  }

  /** Jumps from time to time, until nothing is left to wait for. */
  async runOut(): Promise<void> {
    for (;;) {
      await turns(quietTurns);
      if (!this.jump()) return;
    }
  }

  /** Goes to the next time for which a timer is set, and fires all that are due; returns whether there was one. */
  jump(): boolean {
    const next = Math.min(...this.#timers.keys());
    if (next === Infinity) return false;
    const due = this.#timers.get(next) as Set<Timer>;
    this.#timers.delete(next);
    this.#now = next;
    for (const timer of due) timer.callback();
    return true;
  }
}

/** Lets the event loop turn that often. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => void setImmediate(resolve));
}
