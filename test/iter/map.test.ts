import { AsyncLocalStorage } from "node:async_hooks";
import { allTasks, currentTask, sleep, timeLeft, timeout } from "joinery";
import { map } from "joinery/iter";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inPassingTime, VirtualClock } from "../support/virtual-clock.ts";
import { collect, Numbers, sleepFor } from "./sources.ts";

function nameOfTask(): string | undefined {
  return currentTask()?.name;
}

async function skipOdd(n: number): Promise<number> {
  if (n % 2 === 1) currentTask()?.cancel();
  await sleep(0);
  return n;
}

describe("results", () => {
  test("come in the order of the items, however long each takes", async () => {
    await inPassingTime(async () => {
      expect(await collect(map([30, 10, 20], sleepFor, { concurrency: 3 }))).toEqual([30, 10, 20]);
    });
  });

  test("come as they are ready with `ordered: false`", async () => {
    await inPassingTime(async () => {
      const results = map([30, 10, 20], sleepFor, { concurrency: 3, ordered: false });
      expect(await collect(results)).toEqual([10, 20, 30]);
    });
  });

  test("are the values of functions that are not async as well", async () => {
    expect(await collect(map([1, 2, 3], (n) => n * 2, { concurrency: 2 }))).toEqual([2, 4, 6]);
  });

  test("may be undefined", async () => {
    expect(await collect(map([1, 2], () => undefined, { concurrency: 1 }))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("of a source without items are none", async () => {
    expect(await collect(map([], sleepFor, { concurrency: 4 }))).toEqual([]);
  });

  test("are given once: a second loop is over at once", async () => {
    const results = map([1, 2], (n) => n, { concurrency: 4 });
    expect(await collect(results)).toEqual([1, 2]);
    expect(await collect(results)).toEqual([]);
  });

  test("go to the steps in the order in which these were taken", async () => {
    const results = map([1, 2, 3], (n) => n, { concurrency: 1 });
    const steps = await Promise.all(Array.from({ length: 5 }, () => results.next()));
    expect(steps).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: false, value: 3 },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });
});

describe("a mapper", () => {
  test("gets the item, its number and a signal", async () => {
    const seen: unknown[] = [];
    await collect(
      map("ab", (item, { index, signal }) => seen.push([item, index, signal.aborted]), {
        concurrency: 1,
      }),
    );
    expect(seen).toEqual([
      ["a", 0, false],
      ["b", 1, false],
    ]);
  });

  test("is a task, named by the function and the number of the item", async () => {
    const seen = map([1, 2], nameOfTask, { concurrency: 2 });
    expect(await collect(seen)).toEqual(["nameOfTask[0]", "nameOfTask[1]"]);
    const names = map([1], () => currentTask()?.name, { concurrency: 1 });
    expect(await collect(names)).toEqual(["map[0]"]);
  });

  test("runs in the asynchronous context of the loop", async () => {
    const user = new AsyncLocalStorage<string>();
    const results = map(new Numbers(3, 1), () => user.getStore(), { concurrency: 2 });
    await inPassingTime(() =>
      user.run("Ada", async () => {
        expect(await collect(results)).toEqual(["Ada", "Ada", "Ada"]);
      }),
    );
  });

  test("has the deadline of the block around the loop", async () => {
    await inPassingTime(() =>
      timeout(50, async () => {
        expect(await collect(map([1], () => timeLeft(), { concurrency: 1 }))).toEqual([50]);
      }),
    );
  });

  test("that is cancelled alone has no result and no error, and the others close up", async () => {
    for (const ordered of [true, false]) {
      expect(await collect(map(new Numbers(7), skipOdd, { concurrency: 2, ordered }))).toEqual([
        0, 2, 4, 6,
      ]);
    }
  });
});

describe("laziness", () => {
  test("nothing is opened before the first step", async () => {
    const numbers = new Numbers();
    const results = map(numbers, (n) => n, { concurrency: 4 });
    results[Symbol.asyncIterator]();
    await turn();
    expect(numbers.opened).toBe(0);
    expect(await results.return()).toEqual({ done: true, value: undefined });
    expect(await results.next()).toEqual({ done: true, value: undefined });
    expect(numbers.opened).toBe(0);
  });

  test.each([1, 2, 5])(
    "with concurrency %i never more items are under way, the one in the body included",
    async (concurrency) => {
      for (const ordered of [true, false]) {
        const numbers = new Numbers();
        const results = map(numbers, (n) => turn(1).then(() => n), { concurrency, ordered });
        for (let taken = 1; taken <= 12; taken++) {
          await results.next();
          await turn(concurrency * 4);
          expect(numbers.pulled).toBe(taken + concurrency - 1);
        }
        await results.return();
        expect([numbers.opened, numbers.closed, numbers.mostPulling]).toEqual([1, 1, 1]);
      }
    },
  );

  test("a result that is waited for holds up the source, when order counts", async () => {
    await inPassingTime(async () => {
      const numbers = new Numbers();
      const results = map(numbers, (n) => sleep(n === 0 ? 100 : 1), { concurrency: 3 });
      const first = results.next();
      await sleep(50);
      expect(numbers.pulled).toBe(3);
      expect(await first).toMatchObject({ done: false });
      await results.return();
    });
  });

  test("the mappers work while the body of the loop does", async () => {
    const clock = new VirtualClock();
    await inPassingTime(
      async () => {
        const results = map(new Numbers(10), () => sleep(10), { concurrency: 2 });
        for await (const _ of results) await sleep(10);
      },
      { clock },
    );
    expect(clock.now()).toBe(110);
  });

  test("the source works while the mappers do, and is pulled one by one", async () => {
    const clock = new VirtualClock();
    const numbers = new Numbers(10, 10);
    await inPassingTime(
      async () => {
        await collect(map(numbers, () => sleep(30), { concurrency: 3 }));
      },
      { clock },
    );
    expect(numbers.mostPulling).toBe(1);
    expect(clock.now()).toBe(160);
  });
});

describe("between two steps", () => {
  test("the code of the loop is in the scope in which it was", async () => {
    await inPassingTime(async (main) => {
      for await (const _ of map([1, 2, 3], (n) => sleep(n), { concurrency: 2 })) {
        expect(currentTask()).toBe(main);
        await sleep(1);
        expect(currentTask()).toBe(main);
      }
    });
  });

  test("the work shows in the tree, below the block of the loop", async () => {
    await inPassingTime(async () => {
      const results = map([1, 2, 3], () => sleep(10), { concurrency: 2 });
      const first = results.next();
      await turn();
      expect(allTasks().map(({ name }) => name)).toEqual(["main", "pull", "map[0]", "map[1]"]);
      await first;
      await results.return();
    });
  });
});
