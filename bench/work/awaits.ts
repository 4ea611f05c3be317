import type { Subject } from "../subject.ts";
import { duration, medianTime, type Patience } from "./repeat.ts";

/** `n` awaits in the only task, in ms. */
export function awaits(
  subject: Pick<Required<Subject>, "join">,
  n: number,
  patience: Patience,
): Promise<number> {
  const once = async (count: number): Promise<number> => {
    let time = NaN;
    const task = async (): Promise<void> => {
      time = await duration(() => awaitOften(count));
    };
    await subject.join([task]);
    return time;
  };
  return medianTime(once, n, patience);
}

async function awaitOften(count: number): Promise<void> {
  // oxlint-disable-next-line typescript/await-thenable -- the shortest wait there is
  for (let i = 0; i < count; i++) await undefined;
}
