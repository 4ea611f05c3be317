import { copies, type Subject } from "../subject.ts";
import { trivial } from "./join.ts";
import { duration, medianTime, type Patience } from "./repeat.ts";

const concurrency = 50;

/** To create and join `n` trivial tasks, 50 at a time, in ms. */
export function limited(
  subject: Pick<Required<Subject>, "joinLimited">,
  n: number,
  patience: Patience,
): Promise<number> {
  const once = (count: number): Promise<number> => {
    const tasks = copies(count, trivial);
    return duration(() => subject.joinLimited(tasks, concurrency));
  };
  return medianTime(once, n, patience);
}
