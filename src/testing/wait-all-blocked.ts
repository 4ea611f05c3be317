import { busyTasks, enclosingTask, type Parked, suspend, type WaitOptions } from "../core/index.ts";
import { watchStillness } from "./stillness.ts";

let waiting = 0;

/** How many wait for all others to be blocked (V3). */
export function stillnessIsAwaited(): boolean {
  return waiting > 0;
}

/**
 * Waits until every other task is blocked: in a sleep, for a lock, for a task, for its children. Then nothing
 * happens until time passes, or somebody does something.
 *
 * Counts the tasks of the enclosing {@link run}, or of the process when there is none. Works in virtual time, where
 * it comes before the clock jumps, and in real time. A task that awaits a promise which is not joinery's is
 * not blocked: this waits for it. All who wait for this moment at once see it together.
 *
 * Rejects with `TypeError` (`JOINERY_INVALID_ARGUMENT`) if the options are none.
 *
 * *Cancellation*: ends the wait.
 *
 * @example
 * ```ts
 * import { suspend, taskGroup, type Parked } from "joinery";
 * import { waitAllBlocked } from "joinery/testing";
 *
 * await taskGroup(async (group) => {
 *   let parked: Parked<void> | undefined;
 *   group.createTask(() => suspend<void>((wait) => void (parked = wait)));
 *   await waitAllBlocked();
 *   console.log(parked?.resolve()); // true
 * });
 * ```
 *
 * Idea: Trio's `wait_all_tasks_blocked`.
 */
export async function waitAllBlocked(options: WaitOptions = {}): Promise<void> {
  const task = enclosingTask(options);
  let unwatch: (() => void) | undefined;
  const park = (wait: Parked<void>): void => {
    unwatch = watchStillness(
      () => busyTasks(task).length === 0,
      () => wait.resolve(),
    );
  };
  waiting++;
  await suspend<void>(park, { ...options, label: "all others to be blocked" }).finally(() => {
    waiting--;
    unwatch?.();
  });
}
