import pLimit from "p-limit";
import { blockedTask, copies, type Subject, type Task } from "../subject.ts";

function joinLimited(tasks: readonly Task[], concurrency: number): Promise<unknown> {
  const limit = pLimit(concurrency);
  return Promise.all(tasks.map((task) => limit(task)));
}

export const subject: Subject = {
  // Faster than all at once, and than `limit.map`.
  join: (tasks) => joinLimited(tasks, 100),
  joinLimited,
  blocked(count, gate, arrive) {
    return joinLimited(copies(count, blockedTask(gate, arrive)), Infinity);
  },
};
