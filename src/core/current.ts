import { expectOptions } from "./arguments.ts";
import { ambientScope, requireAmbient } from "./context.ts";
import { rootAround } from "./create-task.ts";
import { tasksIn } from "./left-open.ts";
import { enclosingScope, processScope } from "./process-scope.ts";
import type { Scope } from "./scope.ts";
import type { WaitOptions } from "./sleep.ts";
import type { Task, TaskScope } from "./task.ts";

/**
 * The task that is running, or `undefined` outside of any. The body of a group runs in the task that
 * opened the group.
 *
 * Throws `InvalidStateError` (`JOINERY_NO_AMBIENT_SCOPE`) on a runtime that cannot know it.
 *
 * @example
 * ```ts
 * import { currentTask, taskGroup } from "joinery";
 *
 * await taskGroup(async (group) => {
 *   group.createTask(() => console.log(currentTask()?.name), { name: "worker" }); // worker
 * });
 * ```
 *
 * Idea: `asyncio.current_task`.
 */
export function currentTask(): Task<unknown> | undefined {
  requireAmbient("currentTask()");
  return taskOf(ambientScope());
}

/**
 * The task to which a wait with these options would belong: the one that is running; on a runtime that
 * cannot know it, the one that `signal` belongs to. `undefined` outside of any task, or if nobody can know.
 * For what keeps an owner, as a lock does, and has to work everywhere.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if the options are none.
 *
 * @example
 * ```ts
 * import { createTask, enclosingTask } from "joinery";
 *
 * const worker = createTask(({ signal }) => enclosingTask({ signal })?.name, { name: "worker" });
 * console.log(await worker, enclosingTask()); // worker undefined
 * ```
 */
export function enclosingTask(options: WaitOptions = {}): Task<unknown> | undefined {
  return taskOf(enclosingScope(expectOptions(options)));
}

function taskOf(scope: Scope | undefined): Task<unknown> | undefined {
  const host = scope?.host;
  return host?.kind === "task" ? (host as TaskScope<unknown>) : undefined;
}

/**
 * The signal of the innermost scope around the running code, to hand to what takes a signal. Outside of
 * any scope it is one that never aborts.
 *
 * Throws `InvalidStateError` (`JOINERY_NO_AMBIENT_SCOPE`) on a runtime that cannot know it.
 *
 * @example
 * ```ts
 * import { currentSignal, timeout } from "joinery";
 *
 * await timeout(1000, async (scope) => {
 *   console.log(currentSignal() === scope.signal); // true
 * });
 * ```
 *
 * Idea: bakkot's ambient signal; Trio's current cancel scope.
 */
export function currentSignal(): AbortSignal {
  requireAmbient("currentSignal()");
  return enclosingScope().signal;
}

/**
 * All tasks that are not over: of the enclosing {@link run}, or of the process when there is none.
 *
 * Throws `InvalidStateError` (`JOINERY_NO_AMBIENT_SCOPE`) on a runtime that cannot know it.
 *
 * @example
 * ```ts
 * import { allTasks, taskGroup } from "joinery";
 *
 * await taskGroup(async (group) => {
 *   group.createTask(() => {}, { name: "only" });
 *   console.log(allTasks().map((task) => task.name)); // [ 'only' ]
 * });
 * ```
 *
 * Idea: `asyncio.all_tasks`.
 */
export function allTasks(): Task<unknown>[] {
  requireAmbient("allTasks()");
  return tasksIn(rootAround(ambientScope() ?? processScope));
}
