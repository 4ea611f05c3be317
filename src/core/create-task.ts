import { expectFunction, expectOptions } from "./arguments.ts";
import { enclosingScope } from "./process-scope.ts";
import type { Scope } from "./scope.ts";
import { type Task, type TaskFunction, type TaskOptions, TaskScope } from "./task.ts";

/**
 * Starts a task in the background: it belongs to the enclosing {@link run}, or to the process when
 * there is none, and not to the block that it is created in.
 *
 * Returns its handle at once; `fn` starts in a later microtask, in the asynchronous context of this
 * call. When `run` ends, a task that is left over is cancelled and awaited. When the task fails and
 * nobody awaits it, that is an unhandled rejection, as with any promise. Work that somebody waits
 * for belongs in a {@link taskGroup}.
 *
 * Throws `TypeError` (`JOINERY_EXPECTED_FUNCTION`, `JOINERY_STARTED_PROMISE`) if `fn` is no function.
 *
 * *Cancellation*: by `task.cancel()`, by the `signal` option, at the end of `run`; not by that of the block.
 *
 * @example
 * ```ts
 * import { createTask, sleep } from "joinery";
 *
 * const task = createTask(async () => {
 *   await sleep(10);
 *   return "ready";
 * });
 * console.log(task.done()); // false
 * console.log(await task); // ready
 * ```
 *
 * Idea: `asyncio.create_task`.
 */
export function createTask<T>(fn: TaskFunction<T>, options: TaskOptions = {}): Task<T> {
  expectFunction("fn", fn);
  return new TaskScope(rootAround(enclosingScope(expectOptions(options))), fn, options);
}

/** The `run` around `scope`, or the process. */
export function rootAround(scope: Scope): Scope {
  let root = scope;
  while (root.kind !== "run" && root.parent !== undefined) root = root.parent;
  return root;
}
