/** Events have the clock of the program, snapshots that of the wall: here they meet. */

import type { EventRecord, Snapshot } from "joinery/observe";

/** Less is the coarseness of the clocks. */
const noticeable = 50;

export class Clock {
  /** What is added to the time of an event to have milliseconds since the epoch. */
  #offset: number | undefined;

  /** The first events set it, as long as no snapshot has said better: the last of them was just now. */
  hearEvents(events: readonly EventRecord[], now: number): void {
    const last = events.at(-1);
    if (this.#offset === undefined && last) this.#offset = now - last.at;
  }

  /** By how much all that was converted before was wrong: 0, unless a scope is in both with another time. */
  hearSnapshot({ time, scopes }: Snapshot, openedAt: (id: number) => number | null): number {
    for (const { id, age } of scopes) {
      const known = age === null ? null : openedAt(id);
      if (known === null) continue;
      const error = time - (age as number) - known;
      if (Math.abs(error) < noticeable || this.#offset === undefined) return 0;
      this.#offset += error;
      return error;
    }
    return 0;
  }

  timeOf({ at }: EventRecord): number {
    return (this.#offset ?? 0) + at;
  }
}
