import { badArgument } from "./arguments.ts";
import { rootAround } from "./create-task.ts";
import type { GroupState } from "./group-scope.ts";
import { processScope } from "./process-scope.ts";
import type { Scope } from "./scope.ts";
import { type Task, TaskScope } from "./task.ts";

/**
 * The tasks that are busy: those of the {@link run} that `task` belongs to, without a `task` those of the process.
 *
 * A task is blocked while it is parked in a wait of joinery, joins the children of a group, waits for a `run`
 * inside it, or has not been let start. Any other task is busy: it computes, or it waits for a promise that
 * is not joinery's. So does one that waits for a `run` with a clock of its own, whose time passes by itself; the tasks
 * in there are not looked at. Takes no more memory than what it returns.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if `task` is no handle.
 *
 * *Cancellation*: is no wait, and not subject to it.
 *
 * @example
 * ```ts
 * import { busyTasks, sleep, taskGroup } from "joinery";
 *
 * await taskGroup(async (group) => {
 *   group.createTask(() => sleep(10), { name: "asleep" });
 *   group.createTask(() => fetch("data:,x"), { name: "elsewhere" });
 *   await Promise.resolve(); // they start
 *   console.log(busyTasks().map((task) => task.name)); // [ 'elsewhere' ]
 * });
 * ```
 *
 * Idea: what Go's `synctest` calls not durably blocked.
 */
export function busyTasks(task?: Task<unknown>): Task<unknown>[] {
  if (task !== undefined && !(task instanceof TaskScope)) {
    throw badArgument("task", "a handle from createTask()", task);
  }
  const root = task === undefined ? processScope : rootAround(task);
  const busy = new Set<Scope>();
  let scope: Scope | undefined = root;
  while (scope !== undefined) {
    const ownTime: boolean = scope.timers.clock !== root.timers.clock;
    if (scope instanceof TaskScope && scope.state !== "new") busy.add(scope);
    if (!ownTime && blocksHost(scope)) busy.delete(scope.host);
    scope = (ownTime ? undefined : scope.firstChild) ?? nextAfter(scope, root);
  }
  return [...busy] as TaskScope<unknown>[];
}

/** Whether the task that runs the code in `scope` waits there. */
function blocksHost({ firstWait, kind, state }: Scope): boolean {
  return firstWait !== undefined || kind === "run" || state === ("joining" satisfies GroupState);
}

/** The scope after `scope` and all below it, inside `root`. */
function nextAfter(scope: Scope, root: Scope): Scope | undefined {
  let last = scope;
  while (last !== root && last.following === undefined) last = last.parent as Scope; // up to root
  return last === root ? undefined : last.following;
}
