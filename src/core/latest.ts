/** Who was let go on last: if the event loop stands still, it is most likely because of that task. */

import type { ScopeInfo } from "./events.ts";
import type { Scope } from "./scope.ts";

/** The scope in which code was started or resumed last. Kept until the next one is: one store, and nobody listens. */
export const latest: { scope: Scope | undefined } = { scope: undefined };

/**
 * The task that was started or resumed last, which may be over; the process, if it was code outside of any
 * task; `undefined` before the first. Of several that were woken together, the last.
 *
 * @example
 * ```ts
 * import { latestTask, taskGroup } from "joinery";
 *
 * await taskGroup((group) => {
 *   group.createTask(() => console.log(latestTask()?.name), { name: "worker" }); // worker
 * });
 * ```
 */
export function latestTask(): ScopeInfo | undefined {
  return latest.scope?.host.info;
}
