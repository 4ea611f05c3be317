/** Time for tests: that of `joinery/testing`, and one that also passes while a task waits for the world outside. */

import { run, type Clock, type RunOptions, type TaskFunction } from "joinery";
import { withVirtualTime, type VirtualTimeOptions } from "joinery/testing";
import { soon } from "./turn.ts";

/** Turns of the event loop in which no timer is set or cleared: more than any reaction inside joinery takes. */
const quietTurns = 5;

/** It jumps when nothing has happened for a while, whoever waits for what. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();
  #watching = false;
  #quiet = 0;

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    this.#quiet = 0;
    if (!this.#watching) this.#watch();
    return timer;
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as { at: number; callback: () => void });
    this.#quiet = 0;
  }

  #watch(): void {
    this.#watching = true;
    soon(() => {
      if (this.#quiet++ < quietTurns) return this.#watch();
      this.#watching = false;
      this.#jump();
    });
  }

  #jump(): void {
    let next: { at: number; callback: () => void } | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    if (next === undefined || next.at === Infinity) return;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    this.#quiet = 0;
    if (this.#timers.size > 0 && !this.#watching) this.#watch();
  }
}

/** Runs `main` under a clock that starts at 0, and jumps when all tasks wait. */
export function inVirtualTime<R>(
  main: TaskFunction<R>,
  options: VirtualTimeOptions = {},
): Promise<R> {
  return withVirtualTime((_, task) => main(task), { name: main.name || "main", ...options });
}

/** Runs `main` under a clock that passes also while tasks wait for promises that are not joinery's. */
export function inPassingTime<R>(main: TaskFunction<R>, options: RunOptions = {}): Promise<R> {
  return run(main, { handleSignals: false, clock: new VirtualClock(), ...options });
}
