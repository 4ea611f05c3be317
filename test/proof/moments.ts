/**
 * The moments of a run: each time that code takes control. Before every reaction of a promise, and before
 * and after every timer. Between two of them nothing can happen, so a cancel at each is a cancel everywhere.
 *
 * Most moments are steps inside joinery. A *checkpoint* is one at which the picture has changed: a scope
 * has opened or closed, a task has started or ended, the scenario has done something, a timer has fired, or
 * a turn of the event loop has passed. A *completion* is a checkpoint at which something is over.
 */

import { promiseHooks } from "node:v8";
import { type JoineryEvent, subscribe } from "joinery";
import { VirtualClock } from "../support/virtual-clock.ts";

export class Moments {
  /** How many have passed. */
  count = 0;
  readonly checkpoints: number[] = [];
  readonly completions: number[] = [];
  readonly #at: number;
  #strike: (() => void) | undefined;
  #unhook: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #changed = true;
  #completed = false;

  /** @param at The moment to strike at; `Infinity` for never. */
  constructor(at: number) {
    this.#at = at;
  }

  /** From here on moments count; the first one is now. */
  begin(strike: () => void): void {
    this.#strike = strike;
    this.#unhook = promiseHooks.onBefore(() => this.pass()) as () => void;
    if (this.#at === Infinity) this.#unsubscribe = subscribe((event) => this.#hear(event));
    this.pass();
  }

  pass(): void {
    if (this.#unhook === undefined) return;
    const moment = this.count++;
    const strike = this.#strike;
    if (moment >= this.#at && strike) {
      this.#strike = undefined;
      strike();
    }
    if (this.#at !== Infinity || !this.#changed) return;
    this.checkpoints.push(moment);
    if (this.#completed) this.completions.push(moment);
    this.#changed = this.#completed = false;
    setImmediate(() => (this.#changed = true));
  }

  /** Whether the time has come to strike. */
  get struck(): boolean {
    return this.count > this.#at;
  }

  /** Does this at the next moment as well. */
  next(strike: () => void): void {
    this.#strike = strike;
  }

  /** The next moment is a checkpoint. */
  changed(completed = false): void {
    this.#changed = true;
    if (completed) this.#completed = true;
  }

  #hear({ type }: JoineryEvent): void {
    this.changed(type === "ended" || type === "closed");
  }

  end(): void {
    this.#unhook?.();
    this.#unsubscribe?.();
    this.#unhook = undefined;
  }
}

/** A clock whose timers are moments: just before one fires, and when it has woken those who wait for it and none has gone on. */
export class ClockOfMoments extends VirtualClock {
  readonly #moments: Moments;

  constructor(moments: Moments) {
    super();
    this.#moments = moments;
  }

  override setTimeout(callback: () => void, ms: number): unknown {
    return super.setTimeout(() => {
      this.#moments.pass();
      callback();
      this.#moments.changed(true);
      this.#moments.pass();
    }, ms);
  }

  /** Resolves when `work` has ended, or nothing but waiting has been left for `ms`. */
  async within(ms: number, work: Promise<unknown>): Promise<void> {
    let timer: unknown;
    const over = new Promise<void>((resolve) => (timer = super.setTimeout(resolve, ms)));
    await Promise.race([work, over]);
    this.clearTimeout(timer);
  }
}
