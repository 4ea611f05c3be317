import { taskGroup } from "joinery";
import { taskAbort } from "./05-gather-aborts.ts";

async function deep(n: number, fn: () => Promise<void>): Promise<void> {
  await (n > 0 ? deep(n - 1, fn) : fn());
}

export async function taskGroupAbort() {
  await taskGroup((group) => {
    group.createTask(() => taskAbort(100, true));
    group.createTask(() => deep(5, () => taskAbort(100, true)));
    group.createTask(() => taskAbort(200));
    group.createTask(() => taskAbort(200));
  });
}

async function cell() {
  await taskGroupAbort();
}

export default {
  cell,
  title: "A task group when a task fails",
  see:
    "Two fail together, and both errors come out, though one comes through five more functions. " +
    "The other two are stopped: no “Task complete”.",
  prints: [
    "ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)",
    "├ AbortError: Aborting the task",
    "└ AbortError: Aborting the task",
  ],
  ends: ["task 1 failed", "task 2 failed", "task 3 cancelled", "task 4 cancelled", "cell failed"],
};
