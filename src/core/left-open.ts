/**
 * A block is over, and a scope that was opened inside it is not: somebody forgot an `await`, or kept
 * the scope open across a `yield` (inside an async generator the ambient scope is the consumer's).
 */

import { InvalidStateError } from "./errors.ts";
import type { Scope } from "./scope.ts";
import type { TaskScope } from "./task.ts";

/**
 * Ends what was left open below `scope`: cancels it, waits for the tasks in it, and closes it.
 * Resolves with the error to throw at the edge of `scope`. `cause` is the error that is on its way.
 *
 * It does not wait for the code between the tasks: a generator that was dropped at its `yield` never
 * goes on, and waiting for it would hang in silence.
 */
export async function closeLeftOpen(scope: Scope, cause: unknown): Promise<InvalidStateError> {
  const left = leftOpen(scope);
  for (const open of left) {
    open.outcome?.catch(() => {});
    if (open.requestCancel("shutdown")) open.absorbs = false; // it has no value to end with
  }
  for (const task of left.flatMap(tasksIn)) await over(task);
  const names = left.map((open) => open.title).join(", ");
  for (const open of left) for (const inner of [...open.tree()].toReversed()) inner.close();
  return new InvalidStateError(
    "JOINERY_SCOPE_LEFT_OPEN",
    `${scope.title} is over, and ${names} inside it was still open. ` +
      "Await what you open, and keep no scope open across a yield.",
    cause === undefined ? undefined : { cause },
  );
}

/** The scopes right below `scope` that are no tasks. */
export function leftOpen(scope: Scope): Scope[] {
  const open: Scope[] = [];
  for (let child = scope.firstChild; child !== undefined; child = child.following)
    if (!isTask(child)) open.push(child);
  return open;
}

/** All tasks in `scope` and below it that are not over. */
export function tasksIn(scope: Scope): TaskScope<unknown>[] {
  return [...scope.tree()].filter(isTask);
}

function isTask(scope: Scope): scope is TaskScope<unknown> {
  return scope.kind === "task";
}

/** Resolves when `task` is over, in whatever way; no cancellation ends this wait. */
export function over(task: TaskScope<unknown>): Promise<void> {
  return new Promise((resolve) => void task.whenOver(resolve));
}
