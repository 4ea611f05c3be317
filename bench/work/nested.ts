import type { Subject } from "../subject.ts";
import { Arrivals, duration, medianTime, type Patience } from "./repeat.ts";

/** To build `levels` scopes, each inside the one before, to cancel the outermost and to join all: µs a level. */
export async function nested(
  subject: Pick<Required<Subject>, "nested">,
  levels: number,
  patience: Patience,
): Promise<number> {
  const once = (): Promise<number> =>
    duration(async () => {
      const { all, arrive } = new Arrivals(1);
      const chain = subject.nested(levels, arrive);
      await all;
      await chain.cancel();
    });
  return ((await medianTime(once, levels, patience)) * 1000) / levels;
}
