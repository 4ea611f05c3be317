import { exceptStar, on } from "joinery";
import { AbortError } from "./05-gather-aborts.ts";
import { taskGroupAbort } from "./06-group-aborts.ts";

async function cell() {
  try {
    await taskGroupAbort();
  } catch (error) {
    await exceptStar(
      error,
      on(AbortError, (group) => {
        for (const e of group.exceptions) console.log(`Got ${e.message}`);
      }),
    );
  }
}

export default {
  cell,
  title: "except*",
  see: "The same, clause by clause. What no clause takes would be thrown on.",
  prints: ["Got Aborting the task", "Got Aborting the task"],
  ends: ["task 1 failed", "task 2 failed", "task 3 cancelled", "task 4 cancelled", "cell done"],
};
