import { branded } from "../core/errors.ts";
import { isCancelled } from "../core/index.ts";
import { treeNow } from "./tree-now.ts";
import { findCycle } from "./wait-graph.ts";

/**
 * Every task waits, no timer is set, and nothing is to come from outside: nothing can happen any more. The message
 * shows the tree: who waits for what, and who has it.
 *
 * Idea: Go's `all goroutines are asleep`.
 */
export class DeadlockError extends Error {
  override readonly name: string = "DeadlockError";
  readonly code = "JOINERY_DEADLOCK" as const;
  /** The tasks of which each waits for the next, if there is such a circle; if not, what is waited for was lost. */
  readonly cycle: string | undefined;

  constructor() {
    const cycle = findCycle();
    const head = "Every task waits, no timer is set, and nothing is to come from outside.";
    super([head, ...(cycle === undefined ? [] : [`In a circle: ${cycle}`]), treeNow()].join("\n"));
    this.cycle = cycle;
  }

  /** This error, with what else came out as its cause; its own way out, as a cancellation, is nothing else. */
  with(error: unknown): this {
    const isOwn = error === this || (isCancelled(error) && (error as Error).cause === this);
    if (!isOwn) this.cause = error;
    return this;
  }
}
branded(DeadlockError, "joinery.DeadlockError");
