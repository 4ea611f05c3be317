/** What most tests look at: a group that is over when the looking is. */

import { taskGroup, type TaskGroup } from "joinery";
import { inPassingTime } from "../support/virtual-clock.ts";

/** Runs `body` in a group "crew" of a task "main", and cancels what is left of it. */
export function inCrew(body: (group: TaskGroup) => unknown): Promise<unknown> {
  const crew = (): Promise<unknown> =>
    taskGroup(
      async (group) => {
        await body(group);
        group.cancel();
      },
      { name: "crew", cancellable: true },
    );
  return inPassingTime(crew, { name: "main", grace: Infinity });
}
