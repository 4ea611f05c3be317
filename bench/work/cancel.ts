import type { Subject } from "../subject.ts";
import { Arrivals, duration, medianTime, type Patience } from "./repeat.ts";

/** To cancel and join `n` tasks that are asleep, in ms. */
export function cancel(
  subject: Pick<Required<Subject>, "sleepers">,
  n: number,
  patience: Patience,
): Promise<number> {
  const once = async (count: number): Promise<number> => {
    const { all, arrive } = new Arrivals(count);
    const sleepers = subject.sleepers(count, 60_000, arrive);
    await all;
    return duration(() => sleepers.cancel());
  };
  return medianTime(once, n, patience);
}
