/** How work is timed inside a process. */

import { median } from "../figures.ts";

export interface Patience {
  /** For how long at least to warm up, in ms. */
  readonly warmUp: number;
  /** For how long at least to measure, in ms. */
  readonly budget: number;
}

/** What is larger is warmed up at this size. */
const large = 100_000;

/**
 * How often at least. Until the first collection of its whole heap V8 asks the system for new pages all the time, and
 * 100,000 groups in each other take two to three times as long: that is after four or five runs. Later on one of
 * a few runs meets a collection: of five that is often half or none.
 */
const fewest = { warmUp: 6, measured: 11 };

/** How many tasks at least to warm up with: so long the young generation grows, and each step costs ten times what a run does. */
const settling = 400_000;

/** Of what takes long: for how many ms at most. */
const longest = { warmUp: 6000, measured: 3000 };

/** Measures `once` (which tells how many ms it took for `n`) as often as the patience allows, and gives the median. */
export async function medianTime(
  once: (n: number) => Promise<number>,
  n: number,
  { warmUp, budget }: Patience,
): Promise<number> {
  const runs = Math.max(fewest.warmUp, Math.ceil(settling / n));
  await repeat(() => once(Math.min(n, large)), warmUp, runs, longest.warmUp);
  return median(await repeat(() => once(n), budget, fewest.measured, longest.measured));
}

/** Repeats for `atLeast` ms and so many `times`, unless that takes `atMost` ms. */
async function repeat(
  once: () => Promise<number>,
  atLeast: number,
  times: number,
  atMost: number,
): Promise<number[]> {
  const results: number[] = [];
  const start = performance.now();
  for (let spent = 0; spent < atLeast || (spent < atMost && results.length < times);) {
    results.push(await once());
    await turn();
    spent = performance.now() - start;
  }
  return results;
}

/** Lets a turn of the event loop pass. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

export async function duration(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Resolves once `arrive` has been called `count` times, and all who called have come to rest. */
export class Arrivals {
  readonly all: Promise<void>;
  #missing: number;
  #done!: () => void;

  constructor(count: number) {
    this.#missing = count;
    this.all = new Promise<void>((resolve) => (this.#done = resolve)).then(turn).then(turn);
  }

  readonly arrive = (): void => {
    if (--this.#missing === 0) this.#done();
  };
}
