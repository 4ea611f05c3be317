import type { Scheduler, Step } from "../core/index.ts";
import { afterMicrotasks } from "./real-time.ts";

/** Which of those that are ready goes on: a number from 0, in the order in which they got ready. */
export type Choose = (ready: number) => number;

/** A step that was taken. */
export interface TakenStep {
  readonly step: Step;
  /** Which of the ready ones it was, from 0. */
  readonly choice: number;
  readonly ready: number;
  readonly at: number;
}

/**
 * Lets one step go on at a time, and the next one when the microtasks of that are over. All in the turn
 * in which they got ready: what fails in one turn is still reported together.
 */
export class ChoosingScheduler implements Scheduler {
  readonly taken: TakenStep[] = [];
  readonly #choose: Choose;
  readonly #now: () => number;
  readonly #ready: Step[] = [];
  #pending = false;

  constructor(choose: Choose, now: () => number) {
    this.#choose = choose;
    this.#now = now;
  }

  ready(step: Step): void {
    this.#ready.push(step);
    this.#continue();
  }

  #continue(): void {
    if (this.#pending || this.#ready.length === 0) return;
    this.#pending = true;
    afterMicrotasks(() => this.#next());
  }

  #next(): void {
    const ready = this.#ready.length;
    const choice = this.#choose(ready);
    const [step] = this.#ready.splice(choice, 1) as [Step];
    this.taken.push({ step, choice, ready, at: this.#now() });
    this.#pending = false;
    step.proceed();
    this.#continue();
  }
}
