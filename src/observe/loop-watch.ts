/** Notices when the event loop does not turn, and which task was let go on last before. */

import { latestTask } from "../core/index.ts";
import { taskName } from "./history.ts";
import { keepOnTurning } from "./host.ts";
import { Ring } from "./ring.ts";
import type { TaskName } from "./snapshot-format.ts";

/** How often it looks, in ms, and how much later than that it has to be for the loop to have stood still. */
const beat = 50;
const blocked = 100;
const remembered = 20;

/** A time in which the loop did not turn. */
export interface Standstill {
  readonly ms: number;
  /** When it ended, on the clock of `performance.now()`. */
  readonly end: number;
  readonly task: TaskName | null;
}

export class LoopWatch {
  readonly standstills: Ring<Standstill> = new Ring(remembered);
  #seen = performance.now();
  readonly stop: () => void;

  constructor() {
    this.stop = keepOnTurning(() => this.#look(), beat);
  }

  #look(): void {
    const now = performance.now();
    const ms = now - this.#seen - beat;
    if (ms > blocked) this.standstills.add({ ms, end: now, task: latest() });
    this.#seen = now;
  }
}

/** The task that was started or resumed last. */
export function latest(): TaskName | null {
  const task = latestTask();
  return task ? taskName(task) : null;
}
