/** Notices when the event loop does not turn, and which task ran last before. */

import { type JoineryEvent, liveScopes, type ScopeInfo } from "../core/index.ts";
import { keepOnTurning } from "./host.ts";
import { Ring } from "./ring.ts";
import type { TaskName } from "./snapshot-format.ts";
import { clip } from "./wording.ts";

/** How often it looks, in ms, and how much later than that it has to be for the loop to have stood still. */
const beat = 50;
const blocked = 100;
const remembered = 20;

/** A time in which the loop did not turn. */
export interface Standstill {
  readonly ms: number;
  /** When it ended, on the clock of `performance.now()`. */
  readonly end: number;
  /** The task that was started or resumed last before, if one was. */
  readonly task: TaskName | null;
}

export class LoopWatch {
  readonly standstills: Ring<Standstill> = new Ring(remembered);
  #seen = performance.now();
  #running: ScopeInfo | undefined;
  readonly #stop: () => void;

  constructor() {
    this.#stop = keepOnTurning(() => this.#look(), beat);
  }

  /** A task starts, or is resumed. */
  hear({ scope }: JoineryEvent): void {
    this.#look();
    this.#running = scope;
  }

  stop(): void {
    this.#stop();
  }

  #look(): void {
    const now = performance.now();
    const ms = now - this.#seen;
    if (ms > beat + blocked) this.standstills.add({ ms, end: now, task: hostOf(this.#running) });
    this.#seen = now;
  }
}

/** The task that runs the code in `scope`; one that is over goes by the name of the scope. */
function hostOf(scope: ScopeInfo | undefined): TaskName | null {
  if (scope === undefined) return null;
  for (const { id, name } of liveScopes()) if (id === scope.host) return { id, name: clip(name) };
  return { id: scope.host, name: clip(scope.name) };
}
