/** Who is next: each task of a program waits here before each of its steps. */

import { type Parked, suspend } from "joinery";

export class Conductor {
  readonly #waiting = new Map<number, Parked<void>>();
  #last = 0;
  /** How many have been let go on. */
  turns = 0;

  /** Resolves when it is the turn of task `who`; rejects when that is cancelled. */
  turn(who: number): Promise<void> {
    return suspend<void>((wait) => {
      this.#waiting.set(who, wait);
      return () => void this.#waiting.delete(who);
    });
  }

  /** Nothing happens: lets the next task go on, by their numbers, and begins again after the last. */
  proceed(): boolean {
    const numbers = [...this.#waiting.keys()].toSorted((a, b) => a - b);
    const who = numbers.find((each) => each > this.#last) ?? numbers[0];
    if (who === undefined) return false;
    const wait = this.#waiting.get(who)!;
    this.#waiting.delete(who);
    this.#last = who;
    this.turns++;
    wait.resolve();
    return true;
  }
}
