import { copies, type Subject } from "../subject.ts";
import { duration, medianTime, type Patience } from "./repeat.ts";

/** Trivial: what a library adds to a task shows nowhere more. */
export async function trivial(): Promise<void> {
  // oxlint-disable-next-line typescript/await-thenable -- the shortest wait there is
  await undefined;
}

/** To create and join `n` trivial tasks, in ms. */
export function join(
  subject: Pick<Required<Subject>, "join">,
  n: number,
  patience: Patience,
): Promise<number> {
  const once = (count: number): Promise<number> => {
    const tasks = copies(count, trivial);
    return duration(() => subject.join(tasks));
  };
  return medianTime(once, n, patience);
}
