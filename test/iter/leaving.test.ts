import {
  CancelledError,
  createTask,
  ExceptionGroup,
  moveOnAfter,
  run,
  shield,
  type Scheduler,
  sleep,
  statistics,
  taskGroup,
} from "joinery";
import { buffer, type Iteration, map, merge, zip } from "joinery/iter";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { caught, collect, Numbers } from "./sources.ts";

/** Mappers that write down when they begin and when they are over, and whose cleanup takes a while. */
class Work {
  readonly begun: number[] = [];
  readonly over: string[] = [];
  readonly #ms: number;

  constructor(ms = 1000) {
    this.#ms = ms;
  }

  readonly map = async (n: number, { signal }: { signal: AbortSignal }): Promise<number> => {
    this.begun.push(n);
    try {
      await sleep(n === 0 ? 1 : this.#ms);
      return n;
    } finally {
      await shield(() => sleep(5), { within: 100 });
      this.over.push(`${n}${signal.aborted ? " stopped" : ""}`);
    }
  };
}

/** Nothing but the run itself is there. */
const onlyMain = { tasks: 1, scopes: 2, timers: 0, listeners: 0, ghosts: 0 };

describe("leaving the loop early", () => {
  const stopped = ["0", "1 stopped", "2 stopped", "3 stopped"];

  test("break: the mappers are cancelled and over, and the source is closed, before the next statement", async () => {
    await inVirtualTime(async () => {
      const [numbers, work] = [new Numbers(), new Work()];
      for await (const n of map(numbers, work.map, { concurrency: 4 })) {
        expect(n).toBe(0);
        await sleep(1);
        break;
      }
      expect(work.over).toEqual(stopped);
      expect(numbers.closed).toBe(1);
      expect(statistics()).toEqual(onlyMain);
    });
  });

  test("return: as well", async () => {
    await inVirtualTime(async () => {
      const [numbers, work] = [new Numbers(), new Work()];
      const first = async (): Promise<number | undefined> => {
        for await (const n of map(numbers, work.map, { concurrency: 4 })) {
          await sleep(1);
          return n;
        }
        return undefined;
      };
      expect(await first()).toBe(0);
      expect(work.over).toEqual(stopped);
      expect(numbers.closed).toBe(1);
    });
  });

  test("throw: as well, and the error of the body comes out as it is", async () => {
    const boom = new Error("boom");
    await inVirtualTime(async () => {
      const [numbers, work] = [new Numbers(), new Work()];
      const loop = async (): Promise<void> => {
        for await (const _ of map(numbers, work.map, { concurrency: 4 })) {
          await sleep(1);
          throw boom;
        }
      };
      expect(await loop().catch(caught)).toBe(boom);
      expect(work.over).toEqual(stopped);
      expect(numbers.closed).toBe(1);
    });
  });

  test("the mappers are told who left the loop", async () => {
    const reasons: unknown[] = [];
    await inVirtualTime(async () => {
      const results = map(
        [0, 1],
        async (n, { signal }) => {
          signal.addEventListener("abort", () => reasons.push(signal.reason));
          await sleep(n);
        },
        { concurrency: 2 },
      );
      for await (const _ of results) break;
    });
    expect(reasons).toEqual([expect.any(CancelledError)]);
    expect(reasons[0]).toMatchObject({ source: "explicit", by: "main", cause: "the loop is over" });
  });

  test("what mappers throw on their way out is a warning, whether the body threw or not", async () => {
    const [boom, other] = [new Error("boom"), new Error("other")];
    await inVirtualTime(async () => {
      const loop = async (throws: boolean): Promise<void> => {
        const results = map([0, 1, 2], (n) => sleep(n * 100).catch(() => Promise.reject(boom)), {
          concurrency: 3,
        });
        for await (const _ of results) {
          await sleep(1);
          if (throws) throw other;
          break;
        }
      };
      expect(await loop(true).catch(caught)).toBe(other);
      await loop(false);
    });
    const text = "JOINERY_LATE_ERROR: map() failed after its loop was left: Error: boom";
    expect(await takeWarnings()).toEqual([text, text]);
  });

  test("a mapper that has not begun never begins", async () => {
    const begun: number[] = [];
    const results = map([0, 1, 2], (n) => begun.push(n), { concurrency: 1 });
    const first = results.next();
    await results.return();
    expect(await first).toEqual({ done: true, value: undefined });
    expect(begun).toEqual([]);
  });

  test("also where a scheduler has not let the work begin: its steps end", async () => {
    const scheduler: Scheduler = { ready: (step) => process.nextTick(() => step.proceed()) };
    const results = map([0], (n) => n, { concurrency: 1 });
    const steps = await run(() => Promise.all([results.next(), results.return()]), {
      scheduler,
      handleSignals: false,
    });
    expect(steps.map(({ done }) => done)).toEqual([true, true]);
  });

  test("ends the steps that wait", async () => {
    await inVirtualTime(async () => {
      const results = map([1000], (ms) => sleep(ms), { concurrency: 1 });
      const steps = [results.next(), results.next()];
      await sleep(1);
      await results.return();
      expect(await Promise.all(steps)).toEqual([
        { done: true, value: undefined },
        { done: true, value: undefined },
      ]);
      expect(await results.next()).toEqual({ done: true, value: undefined });
    });
  });

  test("every call of return(), and a step after it, waits until all is over", async () => {
    await inVirtualTime(async () => {
      const work = new Work();
      const results = map([0, 1, 2], work.map, { concurrency: 3 });
      await results.next();
      const left = [results.return(), results.return(), results.next()].map((step) =>
        step.then(() => work.over.length),
      );
      expect(await Promise.all(left)).toEqual([3, 3, 3]);
    });
  });

  test("in a cancelled scope waits as well", async () => {
    await inVirtualTime(async () => {
      const [numbers, work] = [new Numbers(), new Work()];
      await moveOnAfter(10, async () => {
        for await (const _ of map(numbers, work.map, { concurrency: 3 })) {
          await sleep(1000).catch(() => {});
          break;
        }
        expect(work.over).toEqual(["0", "1 stopped", "2 stopped"]);
      });
      expect(numbers.closed).toBe(1);
    });
  });
});

describe("the block of the loop is cancelled", () => {
  test("while a step waits: all is over when it rejects with the cancellation", async () => {
    const [numbers, work] = [new Numbers(Infinity, 1), new Work()];
    await inVirtualTime(async () => {
      const result = await taskGroup(
        async (group) => {
          group.createTask(() => sleep(20).then(() => group.cancel("enough")));
          const error = await collect(map(numbers, work.map, { concurrency: 3 })).catch(caught);
          expect(error).toBe(group.signal.reason);
          expect(work.over).toEqual(["0", "1 stopped", "2 stopped", "3 stopped"]);
          expect(numbers.closed).toBe(1);
          throw error;
        },
        { cancellable: true },
      );
      expect(result).toMatchObject({ cancelled: true });
    });
  });

  test("while the body waits: all is over when the loop has thrown", async () => {
    const [numbers, work] = [new Numbers(), new Work()];
    await inVirtualTime(async () => {
      const { expired } = await moveOnAfter(20, async () => {
        for await (const _ of map(numbers, work.map, { concurrency: 3 })) await sleep(1000);
      });
      expect(expired).toBe(true);
      expect(work.over).toEqual(["0", "1 stopped", "2 stopped"]);
      expect(numbers.closed).toBe(1);
    });
  });

  test("before the first step: nothing is opened", async () => {
    const numbers = new Numbers();
    await inVirtualTime(async () => {
      await moveOnAfter(0, async () => {
        await sleep(10).catch(() => {});
        const results = map(numbers, (n) => n, { concurrency: 2 });
        expect(await results.next().catch(caught)).toMatchObject({ source: "deadline" });
        expect(await results.next()).toEqual({ done: true, value: undefined });
      });
    });
    expect(numbers.opened).toBe(0);
  });

  test("an error of a mapper and a cancel together: the error comes out", async () => {
    const boom = new Error("boom");
    await inVirtualTime(async () => {
      const bad = () =>
        sleep(1000).finally(() => {
          throw boom;
        });
      const step = await moveOnAfter(10, () =>
        collect(map([1], bad, { concurrency: 1 })).catch(caught),
      );
      expect(step.value).toBeInstanceOf(ExceptionGroup);
      expect((step.value as ExceptionGroup).errors).toEqual([boom]);
    });
  });

  test("all results may be there: the next step is refused, and none is given", async () => {
    await inVirtualTime(async () => {
      await moveOnAfter(10, async () => {
        const results = map([1, 2, 3], (n) => n, { concurrency: 3 });
        await results.next();
        await sleep(1000).catch(() => {});
        expect(await results.next().catch(caught)).toMatchObject({ source: "deadline" });
      });
    });
  });
});

describe("the signal aborts", () => {
  const loops: [string, (signal: AbortSignal) => Iteration<unknown>][] = [
    ["map", (signal) => map(new Numbers(), (n) => sleep(n * 1000), { concurrency: 2, signal })],
    ["merge", (signal) => merge([new Numbers(Infinity, 5), new Numbers(1, 1)], { signal })],
    ["buffer", (signal) => buffer(new Numbers(Infinity, 5), 2, { signal })],
    ["zip", (signal) => zip([new Numbers(Infinity, 5), new Numbers()], { signal })],
  ];

  test.each(loops)("%s: the step that waits rejects when all is over", async (_, loop) => {
    const controller = new AbortController();
    await inVirtualTime(async () => {
      const results = loop(controller.signal);
      await results.next();
      const next = results.next();
      controller.abort("enough");
      expect(await next.catch(caught)).toMatchObject({ source: "signal", cause: "enough" });
      expect(statistics()).toEqual(onlyMain);
      expect(await results.next()).toEqual({ done: true, value: undefined });
    });
  });

  test.each(loops)("%s: a step after it is refused, leaving is not", async (_, loop) => {
    const controller = new AbortController();
    await inVirtualTime(async () => {
      const [refused, left] = [loop(controller.signal), loop(controller.signal)];
      await refused.next();
      await left.next();
      await sleep(100);
      controller.abort("enough");
      expect(await refused.next().catch(caught)).toMatchObject({ source: "signal" });
      expect(await left.return()).toEqual({ done: true, value: undefined });
    });
  });

  test.each(loops)("%s: one that has aborted already opens nothing", async (_, loop) => {
    const results = loop(AbortSignal.abort("early"));
    expect(await results.next().catch(caught)).toMatchObject({ source: "signal", cause: "early" });
  });

  test("before the work has taken its first step", async () => {
    const controller = new AbortController();
    const numbers = new Numbers();
    const first = map(numbers, (n) => n, { concurrency: 2, signal: controller.signal }).next();
    controller.abort("early");
    expect(await first.catch(caught)).toMatchObject({ cause: "early" });
    expect(numbers.opened).toBe(0);
  });
});

describe("a narrower scope than the block of the loop is cancelled", () => {
  test("ends the step that waits in it, and loses no result", async () => {
    await inVirtualTime(async () => {
      const results = map([0, 50, 1], (ms) => sleep(ms).then(() => ms), { concurrency: 2 });
      expect(await results.next()).toMatchObject({ value: 0 });
      expect(await moveOnAfter(10, () => results.next())).toMatchObject({ expired: true });
      expect(await collect(results)).toEqual([50, 1]);
    });
  });
});

describe("a loop that is begun and never ended", () => {
  test("the work is over before its block is, which rejects and says what to do", async () => {
    const [numbers, work] = [new Numbers(), new Work()];
    const error = await inVirtualTime(async () => {
      await map(numbers, work.map, { concurrency: 4 }).next();
      await sleep(1);
    }).catch(caught);
    expect(error).toMatchObject({ code: "JOINERY_SCOPE_LEFT_OPEN" });
    expect(String(error)).toMatch(/group "map\(\)" inside it was still open/);
    expect(work.over).toEqual(["0", "1 stopped", "2 stopped", "3 stopped"]);
    expect(numbers.closed).toBe(1);
  });

  test("also when all the work was done", async () => {
    const error = await run(async () => {
      await map([1, 2], (n) => n, { concurrency: 3 }).next();
      await turn();
    }).catch(caught);
    expect(error).toMatchObject({ code: "JOINERY_SCOPE_LEFT_OPEN" });
  });

  test("a step after the block is refused", async () => {
    const results = map([1, 2], (n) => n, { concurrency: 3 });
    await run(async () => void (await results.next())).catch(caught);
    expect(await results.next().catch(caught)).toMatchObject({ source: "shutdown" });
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test("a task that shares a loop does not take it along when it has not begun it", async () => {
    await inVirtualTime(async () => {
      const results = map(new Numbers(4), (n) => sleep(10).then(() => n), { concurrency: 1 });
      const got: unknown[] = [(await results.next()).value];
      await createTask(async () => got.push((await results.next()).value));
      expect([...got, ...(await collect(results))]).toEqual([0, 1, 2, 3]);
    });
  });
});

async function* doubled(numbers: Numbers, work: Work): AsyncGenerator<number> {
  for await (const n of map(numbers, work.map, { concurrency: 3 })) yield n * 2;
}

describe("in an async generator", () => {
  test("leaving the loop over the generator stops the mappers inside", async () => {
    await inVirtualTime(async () => {
      const [numbers, work] = [new Numbers(), new Work()];
      for await (const n of doubled(numbers, work)) {
        expect(n).toBe(0);
        await sleep(1);
        break;
      }
      expect(work.over).toEqual(["0", "1 stopped", "2 stopped"]);
      expect(numbers.closed).toBe(1);
    });
  });

  test("the block of the first step has the mappers, and says so when it ends before the loop", async () => {
    await inVirtualTime(async () => {
      const [numbers, work] = [new Numbers(), new Work()];
      const generator = doubled(numbers, work);
      const step = moveOnAfter(1000, () => generator.next());
      expect(await step.catch(caught)).toMatchObject({ code: "JOINERY_SCOPE_LEFT_OPEN" });
      expect(numbers.closed).toBe(1);
    });
  });
});
