import { ExceptionGroup } from "joinery";
import { AbortError } from "./05-gather-aborts.ts";
import { taskGroupAbort } from "./06-group-aborts.ts";

async function cell() {
  try {
    await taskGroupAbort();
  } catch (error) {
    if (!(error instanceof ExceptionGroup)) throw error;
    const subgroup = error.subgroup(AbortError);
    if (subgroup) {
      for (const e of subgroup.exceptions) console.log(`Got ${e.message}`);
    }
  }
}

export default {
  cell,
  title: "catch, and subgroup()",
  see: "The part of the group that is an AbortError, typed as such.",
  prints: ["Got Aborting the task", "Got Aborting the task"],
  ends: ["task 1 failed", "task 2 failed", "task 3 cancelled", "task 4 cancelled", "cell done"],
};
