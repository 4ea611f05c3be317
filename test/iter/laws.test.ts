/** What holds of every loop: random sources, mappers and limits, and loops that are left anywhere. */

import * as fc from "fast-check";
import { ExceptionGroup, sleep, type Statistics, statistics } from "joinery";
import { buffer, map, merge, zip } from "joinery/iter";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const runs = { numRuns: Number(process.env["JOINERY_RUNS"] ?? 200) };
const durations = fc.array(fc.nat(3), { maxLength: 12 });
const limits = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(Infinity));

/** How a loop goes: how long the source, each mapper and each turn of the body take. */
const plans = fc.record({
  pulls: durations,
  work: fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
  body: fc.nat(2),
  concurrency: limits,
  ordered: fc.boolean(),
  /** Before which step the loop is left, and which mappers fail. */
  leaveAt: fc.option(fc.nat(12), { nil: Infinity }),
  failing: fc.option(fc.nat(11), { nil: -1 }),
});
type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

/** One loop over `map`, and the books on it. */
class Loop {
  pulled = 0;
  running = 0;
  mostRunning = 0;
  mostAhead = 0;
  opened = 0;
  released = 0;
  readonly begun: number[] = [];
  readonly got: number[] = [];
  readonly late: string[] = [];
  /** What a mapper has thrown, what the loop has, and what was said when it was left. */
  failed: string[] = [];
  error: unknown;
  warnings: string[] = [];
  /** What there is when the loop is over. */
  left: Statistics | undefined;
  #over = false;
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async *#source(): AsyncGenerator<number> {
    this.opened++;
    try {
      for (const [n, ms] of this.#plan.pulls.entries()) {
        if (ms > 0) await sleep(ms);
        this.pulled++;
        this.mostAhead = Math.max(this.mostAhead, this.pulled - this.got.length);
        yield n;
      }
    } finally {
      this.released++;
      if (this.#over) this.late.push("source");
    }
  }

  readonly #map = async (n: number): Promise<number> => {
    this.begun.push(n);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    try {
      const ms = this.#plan.work[n] ?? 0;
      if (ms > 0) await sleep(ms);
      if (n === this.#plan.failing) this.#fail(n);
      return n * 2;
    } finally {
      this.running--;
      if (this.#over) this.late.push(`mapper ${n}`);
    }
  };

  #fail(n: number): never {
    const error = new Error(`mapper ${n}`);
    this.failed.push(String(error));
    throw error;
  }

  async play(): Promise<this> {
    const { concurrency, ordered, leaveAt, body } = this.#plan;
    await inVirtualTime(async () => {
      try {
        for await (const item of map(this.#source(), this.#map, { concurrency, ordered })) {
          this.got.push(item);
          if (this.got.length > leaveAt) break;
          if (body > 0) await sleep(body);
        }
      } catch (error) {
        this.error = error;
      }
      this.#over = true;
      this.left = statistics();
    });
    this.warnings = await takeWarnings();
    return this;
  }
}

function ofEveryLoop(law: (loop: Loop, plan: Plan) => void): Promise<void> {
  return fc.assert(
    fc.asyncProperty(plans, async (plan) => law(await new Loop(plan).play(), plan)),
    runs,
  );
}

const byNumber = (a: number, b: number): number => a - b;

describe("the laws of map()", { timeout: 30_000 }, () => {
  test("the results are those of Array.map, as far as the loop goes", () =>
    ofEveryLoop(({ got, error }, { pulls, ordered, leaveAt }) => {
      const all = pulls.map((_, n) => n * 2);
      const due = ordered ? all.slice(0, got.length) : got.filter((item) => all.includes(item));
      expect(got).toEqual(due);
      expect(new Set(got).size).toBe(got.length);
      const length = error === undefined ? Math.min(all.length, leaveAt + 1) : got.length;
      expect(got.length).toBe(length);
    }));

  test("never more than the limit run, or are ahead of the loop", () =>
    ofEveryLoop(({ mostRunning, mostAhead }, { concurrency }) => {
      expect(mostRunning).toBeLessThanOrEqual(concurrency);
      expect(mostAhead).toBeLessThanOrEqual(concurrency);
    }));

  test("every item is mapped at most once, in the order of the source", () =>
    ofEveryLoop(({ begun, pulled }) => {
      expect(begun).toEqual([...new Set(begun)].toSorted(byNumber));
      expect(begun.length).toBeLessThanOrEqual(pulled);
    }));

  test("the source is opened at most once, and released exactly as often", () =>
    ofEveryLoop(({ opened, released }) => {
      expect(opened).toBeLessThanOrEqual(1);
      expect(released).toBe(opened);
    }));

  test("nothing runs when the loop is over", () =>
    ofEveryLoop(({ running, late, left }) => {
      expect(running).toBe(0);
      expect(left).toMatchObject({ tasks: 1, scopes: 2, timers: 0 }); // the run itself
      expect(late).toEqual([]);
    }));

  test("the error of a mapper that has failed comes out, or is a warning when the loop was left; nothing else does", () =>
    ofEveryLoop(({ failed, error, warnings }) => {
      const out = error instanceof ExceptionGroup ? error.errors.map(String) : [];
      const late = warnings.map((text) => text.replace(/^.*loop was left: /, ""));
      expect([...out, ...late]).toEqual(failed);
      expect(error instanceof ExceptionGroup).toBe(error !== undefined);
    }));
});

async function* slowly<T>(items: readonly T[], pauses: readonly number[]): AsyncGenerator<T> {
  for (const [at, item] of items.entries()) {
    const ms = pauses[at % Math.max(1, pauses.length)] ?? 0;
    if (ms > 0) await sleep(ms);
    yield item;
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const item of items) got.push(item);
  return got;
}

describe("the laws of the others", { timeout: 30_000 }, () => {
  const items = fc.array(fc.nat(99), { maxLength: 8 });

  test("buffer() gives the items of the source", () =>
    fc.assert(
      fc.asyncProperty(items, durations, limits, async (list, pauses, size) => {
        const got = await inVirtualTime(() => collect(buffer(slowly(list, pauses), size)));
        expect(got).toEqual(list);
      }),
      runs,
    ));

  test("merge() gives the items of all sources, those of each in their order", () =>
    fc.assert(
      fc.asyncProperty(fc.array(items, { maxLength: 4 }), durations, async (lists, pauses) => {
        const tagged = lists.map((list, tag) => list.map((item) => ({ tag, item })));
        const got = await inVirtualTime(() =>
          collect(merge(tagged.map((list, at) => slowly(list, pauses.slice(at))))),
        );
        const apart = lists.map((_, tag) => got.filter((each) => each.tag === tag));
        expect(apart).toEqual(tagged);
        expect(got.length).toBe(tagged.flat().length);
      }),
      runs,
    ));

  test("zip() gives rows, as many as the shortest source has items", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(items, { minLength: 1, maxLength: 4 }),
        durations,
        async (lists, pauses) => {
          const got = await inVirtualTime(() =>
            collect(zip(lists.map((list, at) => slowly(list, pauses.slice(at))))),
          );
          const length = Math.min(...lists.map((list) => list.length));
          const rows = Array.from({ length }, (_, row) => lists.map((list) => list[row]));
          expect(got).toEqual(rows);
        },
      ),
      runs,
    ));
});
