import { PerformanceObserver } from "node:perf_hooks";
import { median } from "../figures.ts";
import { copies, type Subject } from "../subject.ts";
import { collect, heapUsed } from "./heap.ts";
import { trivial } from "./join.ts";
import { turn } from "./repeat.ts";

const repetitions = 5;

/** The bytes that are allocated to create and join one trivial task. Needs a young generation that holds them all. */
export async function allocated(
  subject: Pick<Required<Subject>, "join">,
  n: number,
): Promise<number> {
  const tasks = copies(n, trivial);
  for (let i = 0; i < repetitions; i++) await subject.join(tasks); // the compiler leaves out what it can
  const bytes: number[] = [];
  for (let i = 0; i < repetitions; i++) bytes.push(await growth(() => subject.join(tasks)));
  return median(bytes) / n;
}

async function growth(work: () => Promise<unknown>): Promise<number> {
  await collect();
  await turn(); // the collections that were asked for are reported before the observer listens
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  observer.observe({ entryTypes: ["gc"] });
  const before = heapUsed();
  await work();
  const bytes = heapUsed() - before;
  await turn();
  await turn();
  observer.disconnect();
  if (collections > 0) throw new Error("The young generation is too small: garbage was collected.");
  return bytes;
}
