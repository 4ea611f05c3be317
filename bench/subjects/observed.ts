/** What it costs to look. */

import { eventTypes, statistics, subscribe, taskGroup as openGroup, type EventType } from "joinery";
import { observe } from "joinery/observe";
import type { Subject } from "../subject.ts";
import { taskGroup } from "./joinery.ts";

const named = { name: "task" };

/** With names for all tasks, and counts that are read once: what needs nothing to be turned on. */
export const counted: Subject = {
  join: (tasks) =>
    openGroup((group) => {
      for (const task of tasks) group.createTask(task, named);
      if (statistics().tasks < tasks.length) throw new Error("They are not all counted.");
    }),
};

/** With what a snapshot needs to know more than the moment. */
export const observed: Subject = {
  join(tasks) {
    const stop = observe();
    return taskGroup.join!(tasks).finally(stop);
  },
};

const seen = Object.fromEntries(eventTypes.map((type) => [type, 0])) as Record<EventType, number>;

/** With somebody who hears everything, and counts it. */
export const allEvents: Subject = {
  join(tasks) {
    const stop = subscribe((event) => seen[event.type]++);
    return taskGroup.join!(tasks).finally(stop);
  },
};
