import type { Subject } from "../subject.ts";
import { collect, heapUsed } from "./heap.ts";
import { Arrivals } from "./repeat.ts";

/** The bytes that a task holds which is asleep, its share of the timers included. */
export async function sleeping(
  subject: Pick<Required<Subject>, "sleepers">,
  n: number,
): Promise<number> {
  await held(subject, 1000); // what is made once for all
  return (await held(subject, n)) / n;
}

async function held(subject: Pick<Required<Subject>, "sleepers">, count: number): Promise<number> {
  await collect();
  const before = heapUsed();
  const { all, arrive } = new Arrivals(count);
  const sleepers = subject.sleepers(count, 60_000, arrive);
  await all;
  await collect();
  const bytes = heapUsed() - before;
  await sleepers.cancel();
  return bytes;
}
