import { expectFunction } from "../core/arguments.ts";
import { branded } from "../core/errors.ts";
import { statistics, type Statistics } from "../core/index.ts";
import { snapshot, treeText } from "../observe/index.ts";
import { turns } from "./real-time.ts";

/** Turns of the event loop in which what is over is cleared away. */
const settling = 3;

/**
 * Something of joinery's is left: tasks, scopes, timers, listeners on signals of others, promises that were left behind. The message
 * counts them and shows the tree.
 */
export class LeftBehindError extends Error {
  override readonly name: string = "LeftBehindError";
  readonly code = "JOINERY_LEFT_BEHIND" as const;
  /** How many of each are left. */
  readonly left: Partial<Statistics>;

  constructor(left: Partial<Statistics>) {
    const counts = Object.entries(left).map(([what, count]) =>
      count === 1 ? `1 ${what.slice(0, -1)}` : `${count} ${what}`,
    );
    super(`Left behind: ${counts.join(", ")}.\n${treeText(snapshot())}`);
    this.left = left;
  }
}
branded(LeftBehindError, "joinery.LeftBehindError");

/**
 * Makes sure that nothing of joinery's is left in the process: no task, scope, timer, listener on a signal of
 * somebody else, or promise that was left behind. For the end of every test. With a `body`, that it leaves
 * no more than there was.
 *
 * Resolves in a later turn of the event loop, so that what has just ended is gone; with the value of `body`. Rejects with
 * {@link LeftBehindError} if something is left; with the error of `body`, if that throws; with `TypeError`
 * (`JOINERY_EXPECTED_FUNCTION`) if it is no function.
 *
 * *Cancellation*: is no wait of joinery, and not subject to it.
 *
 * @example
 * ```ts
 * import { createTask } from "joinery";
 * import { assertNoLeaks } from "joinery/testing";
 *
 * const slow = new Promise(() => {});
 * await assertNoLeaks(() => void createTask(() => slow, { name: "forgotten" })).catch((error) =>
 *   console.log(error.message),
 * );
 * // → Left behind: 1 task, 1 scope.
 * // → process
 * // → └─ forgotten  awaits what is not joinery's
 * ```
 *
 * Idea: Go's `goleak`.
 */
export async function assertNoLeaks(): Promise<void>;
export async function assertNoLeaks<R>(body: () => R | PromiseLike<R>): Promise<R>;
export async function assertNoLeaks(body?: () => unknown): Promise<unknown> {
  if (body === undefined) return settled(nothing);
  expectFunction("body", body);
  const before = statistics();
  const value = await body();
  await settled(before);
  return value;
}

const nothing: Statistics = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };

/** Resolves if in some turns there is no more than `before`. */
async function settled(before: Statistics): Promise<void> {
  await turns(settling);
  const more = Object.entries(statistics()).map(([what, count]) => [
    what,
    (count as number) - before[what as keyof Statistics],
  ]);
  const left = more.filter(([, count]) => (count as number) > 0);
  if (left.length > 0) throw new LeftBehindError(Object.fromEntries(left) as Partial<Statistics>);
}
