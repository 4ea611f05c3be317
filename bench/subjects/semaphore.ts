import { taskGroup } from "joinery";
import { Semaphore } from "joinery/sync";
import type { Subject } from "../subject.ts";

/** A group with a limit that others may share. */
export const subject: Subject = {
  joinLimited: (tasks, concurrency) =>
    taskGroup(
      (group) => {
        for (const task of tasks) group.createTask(task);
      },
      { concurrency: new Semaphore(concurrency) },
    ),
};
