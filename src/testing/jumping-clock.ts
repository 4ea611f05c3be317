import type { Clock } from "../core/index.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to jump to its next timer. */
export class JumpingClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();
  /** How often a timer was set, taken out, or has fired. */
  changes = 0;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    this.changes++;
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
    this.changes++;
  }

  /** Moves on to the next timer, and fires it. Returns whether there was one that ever comes. */
  jump(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    if (next === undefined || next.at === Infinity) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    this.changes++;
    next.callback();
    return true;
  }
}
