/** What was, and is not in the tree any more: the last cancellations and failures, as text and numbers. */

import type { CancelledError, JoineryEvent, ScopeInfo } from "../core/index.ts";
import { type CancellationWords, numberOf, wordsOf } from "./cancellations.ts";
import { Ring } from "./ring.ts";
import type { TaskName } from "./snapshot-format.ts";
import { clip, textOf } from "./wording.ts";

const remembered = 50;
/** The most tasks that are remembered to have swallowed one cancellation. */
const swallowers = 20;

export interface PastCancellation extends CancellationWords {
  /** The number of the scope that was asked to stop. */
  readonly origin: number;
  readonly path: string;
  /** When, on the clock of `performance.now()`. */
  readonly at: number;
  /** The tasks that caught it and went on. */
  readonly swallowed: TaskName[];
}

export interface PastFailure {
  readonly task: TaskName;
  readonly path: string;
  readonly error: string | null;
  readonly at: number;
}

export class History {
  readonly cancellations: Ring<PastCancellation> = new Ring(remembered);
  readonly failures: Ring<PastFailure> = new Ring(remembered);

  hear(event: JoineryEvent): void {
    const { scope } = event;
    switch (event.type) {
      case "cancelled":
        this.cancellations.add(pastCancellation(event.error, scope.id, event.path));
        break;
      case "raised":
        this.failures.add(pastFailure(event.error, scope, event.path));
        break;
      case "swallowed":
        this.#swallowed(numberOf(event.error), scope);
    }
  }

  #swallowed(cancellation: number, task: ScopeInfo): void {
    const past = this.cancellations.latest().find(({ id }) => id === cancellation);
    if (past === undefined || past.swallowed.length >= swallowers) return;
    if (past.swallowed.every(({ id }) => id !== task.id)) past.swallowed.push(taskName(task));
  }
}

function pastCancellation(error: CancelledError, origin: number, path: string): PastCancellation {
  return { ...wordsOf(error), origin, path, at: performance.now(), swallowed: [] };
}

function pastFailure(error: Error, scope: ScopeInfo, path: string): PastFailure {
  return { task: taskName(scope), path, error: textOf(error), at: performance.now() };
}

export function taskName({ id, name }: TaskName): TaskName {
  return { id, name: clip(name) };
}
