import pMap from "p-map";
import type { Subject } from "../subject.ts";

export const subject: Subject = {
  // All at once, the default: no slower than a limit.
  join: (tasks) => pMap(tasks, (task) => task()),
  joinLimited: (tasks, concurrency) => pMap(tasks, (task) => task(), { concurrency }),
};
