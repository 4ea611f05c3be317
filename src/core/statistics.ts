import { ghostCount } from "./ghosts.ts";
import { Scope } from "./scope.ts";
import { listenerCount } from "./signal.ts";
import { taskCount } from "./task.ts";
import { timerCount } from "./timers.ts";

/** What joinery holds at the moment, in the whole process. */
export interface Statistics {
  /** Tasks that are not over. */
  readonly tasks: number;
  /** Open scopes: runs, tasks, groups, timeouts and shields. */
  readonly scopes: number;
  /** Sleeps and deadlines that are set. */
  readonly timers: number;
  /** Listeners on signals of others. */
  readonly listeners: number;
  /** Promises that were left behind and have not settled. */
  readonly ghosts: number;
}

/**
 * Counts what joinery holds at the moment, in the whole process: all zero when nothing is going on, which
 * is what a test of yours may want to see at its end.
 *
 * @example
 * ```ts
 * import { sleep, statistics, taskGroup } from "joinery";
 *
 * await taskGroup(async (group) => {
 *   group.createTask(() => sleep(10));
 *   console.log(statistics().tasks); // 1
 * });
 * console.log(statistics().tasks, statistics().timers); // 0 0
 * ```
 *
 * Idea: `statistics()` of Trio's run loop.
 */
export function statistics(): Statistics {
  return {
    tasks: taskCount(),
    scopes: Scope.open - 1, // the process itself
    timers: timerCount(),
    listeners: listenerCount(),
    ghosts: ghostCount(),
  };
}
