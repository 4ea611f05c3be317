import { gather, sleep } from "joinery";

export class AbortError extends Error {
  override name = "AbortError";
}

export async function taskAbort(ms: number, abort = false) {
  await sleep(ms);
  if (abort) throw new AbortError("Aborting the task");
  console.log("Task complete");
}

async function cell() {
  await gather([
    () => taskAbort(100, true), // its error comes out at once
    () => taskAbort(200), // and the others run on
    () => taskAbort(200),
  ]);
}

export default {
  cell,
  title: "gather() when a task fails",
  see: "The error arrives at 100 ms. The rest run on, and nobody waits for them.",
  prints: ["AbortError: Aborting the task", "Task complete", "Task complete"],
  ends: ["task 1 failed", "cell failed", "task 2 done", "task 3 done"],
};
