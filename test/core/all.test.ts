/** Section 2, `all` and `allSettled`. */

import {
  all,
  allSettled,
  type CancelledError,
  createTask,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  type Task,
} from "joinery";
import { describe, expect, test } from "vitest";
import { takeUnhandledRejections, takeWarnings } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after, failAfter } from "../support/work.ts";

const a = new Error("a");
const b = new Error("b");

function* items(): Generator<() => Promise<string>> {
  yield () => after(20, "slow");
  yield () => after(10, "quick");
}

describe("2: all", () => {
  test("2: tuples, arrays, iterables and records keep their shape and order", async () => {
    await inVirtualTime(async () => {
      expect(await all([() => after(20, 1), () => after(10, "two")])).toEqual([1, "two"]);
      expect(await all([3, 2, 1].map((n) => () => after(n, n)))).toEqual([3, 2, 1]);
      expect(await all(items())).toEqual(["slow", "quick"]);
      expect(await all(new Set([() => 1]))).toEqual([1]);
      const record = await all({ slow: () => after(20, 1), quick: () => after(10, "two") });
      expect(record).toEqual({ slow: 1, quick: "two" });
      expect(Object.keys(record)).toEqual(["slow", "quick"]);
    });
  });

  test.each([2, 3, Infinity])("2: a concurrency of %d is no limit for two items", async (limit) => {
    await inVirtualTime(async () => {
      const two = [() => after(20, "slow"), () => after(10, "quick")];
      const results = moveOnAfter(25, () => all(two, { concurrency: limit }));
      expect(await results).toEqual({ expired: false, value: ["slow", "quick"] });
    });
  });

  test("2: nothing in, nothing out", async () => {
    expect(await all([])).toEqual([]);
    expect(await all({})).toEqual({});
  });

  test("2: items are functions, tasks, promises and thenables", async () => {
    const thenable: PromiseLike<number> = {
      // oxlint-disable-next-line unicorn/no-thenable -- what it is about
      then: (onDone, onFailed) => Promise.resolve(4).then(onDone, onFailed),
    };
    const results = await inVirtualTime(() =>
      all([() => 1, createTask(() => after(5, 2)), after(10, 3), thenable]),
    );
    expect(results).toEqual([1, 2, 3, 4]);
  });

  test("2: the first failure cancels the others, which are awaited, and every error comes out", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const result = all({
        failing: () => failAfter(5, a),
        cleaning: () =>
          sleep(100).finally(() =>
            shield(() => sleep(20), { within: 50 }).then(() => trace.push("cleaned up")),
          ),
        worse: () => sleep(100).catch(() => Promise.reject(b)),
      });
      const error = await result.catch((reason: unknown) => reason);
      trace.push("out");
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect((error as ExceptionGroup).errors).toEqual([a, b]);
    });
    expect(trace).toEqual(["cleaned up", "out"]);
  });

  test("2: cancels a task among its items, and waits for it", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const task = createTask(() =>
        sleep(100).finally(() =>
          shield(() => sleep(20), { within: 50 }).then(() => trace.push("task cleaned up")),
        ),
      );
      await all([task, () => failAfter(5, a)]).catch((error: ExceptionGroup) =>
        trace.push(...error.errors.map(String)),
      );
      expect(task.cancelled()).toBe(true);
    });
    expect(trace).toEqual(["task cleaned up", "Error: a"]);
  });

  test("2: leaves a promise among its items behind, and says its late error", async () => {
    let fail!: (error: Error) => void;
    const promise = new Promise<never>((_, reject) => (fail = reject));
    await expect(all([promise, () => Promise.reject(a)])).rejects.toMatchObject({ errors: [a] });
    fail(b);
    expect(await takeWarnings()).toEqual([expect.stringMatching(/^JOINERY_GHOST_ERROR: .*b/)]);
  });

  test("2: a promise that fails before its turn is an error of the group, never an unhandled rejection", async () => {
    await inVirtualTime(async () => {
      const early = all([() => sleep(10), failAfter(5, a)], { concurrency: 1 });
      await expect(early).rejects.toMatchObject({ errors: [a] });
    });
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("2: an outer cancel cancels all items, and goes on", async () => {
    const trace: string[] = [];
    const note = (error: CancelledError): never => {
      trace.push(error.source);
      throw error;
    };
    const outcome = await inVirtualTime(() =>
      moveOnAfter(5, () => all([() => sleep(100).catch(note), () => sleep(100).catch(note)])),
    );
    expect(trace).toEqual(["deadline", "deadline"]);
    expect(outcome).toEqual({ expired: true, value: undefined });
  });

  test("2: takes the options of a group: name, signal, concurrency", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await all(
        { one: ({ name }) => trace.push(name), two: ({ name }) => trace.push(name) },
        { concurrency: 1 },
      );
      const rejected = all([() => sleep(100)], {
        name: "fetches",
        signal: AbortSignal.abort("why"),
      });
      await expect(rejected).rejects.toMatchObject({ source: "signal", cause: "why" });
      await expect(all([() => 1], { concurrency: 0 })).rejects.toMatchObject({
        code: "JOINERY_INVALID_CONCURRENCY",
      });
    });
    expect(trace).toEqual(["one", "two"]);
  });

  test("2: refuses what is no item, before anything starts, and says which", async () => {
    const trace: string[] = [];
    const call = all as (value: unknown) => Promise<unknown>;
    for (const bad of [undefined, null, 1, "text", () => 1, Promise.resolve([])]) {
      await expect(call(bad)).rejects.toMatchObject({
        name: "TypeError",
        code: "JOINERY_INVALID_ARGUMENT",
      });
    }
    await expect(call([() => trace.push("started"), 7])).rejects.toThrow(/item 1/);
    await expect(call({ good: () => trace.push("started"), bad: "text" })).rejects.toThrow(
      /item bad/,
    );
    expect(trace).toEqual([]);
  });
});

describe("2: allSettled", () => {
  test("2: gives how each ended, in the shape of the items; a failure cancels nobody", async () => {
    const settled = await inVirtualTime(async () => {
      const victim: Task<void> = createTask(() => sleep(100));
      createTask(() => sleep(1).then(() => void victim.cancel()));
      return allSettled({ good: () => after(20, 1), bad: () => failAfter(5, a), victim });
    });
    expect(settled).toEqual({
      good: { status: "fulfilled", value: 1 },
      bad: { status: "rejected", reason: a },
      victim: {
        status: "rejected",
        reason: expect.objectContaining({ code: "JOINERY_CANCELLED" }),
      },
    });
    expect(await allSettled([() => 1, Promise.reject(b)])).toEqual([
      { status: "fulfilled", value: 1 },
      { status: "rejected", reason: b },
    ]);
    expect(await allSettled([])).toEqual([]);
  });

  test("2: an outer cancel cancels all items, waits for them, and goes on", async () => {
    const trace: string[] = [];
    const outcome = await inVirtualTime(() =>
      moveOnAfter(5, () =>
        allSettled([
          () =>
            sleep(100).finally(() =>
              shield(() => sleep(20), { within: 50 }).then(() => trace.push("over")),
            ),
        ]),
      ),
    );
    expect(outcome).toEqual({ expired: true, value: undefined });
    expect(trace).toEqual(["over"]);
  });

  test("4.4: an outer cancel and an error together: there is no list to hold the error, so it comes out", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, async () => {
        await allSettled([() => sleep(100).catch(() => Promise.reject(a)), () => sleep(100)]).catch(
          (error: ExceptionGroup) => trace.push(...(error.errors ?? []).map(String)),
        );
        await sleep(1).catch((error: CancelledError) => trace.push(error.source));
      }),
    );
    expect(trace).toEqual(["Error: a", "deadline"]);
  });

  test("2: refuses what is no item and bad options", async () => {
    const call = allSettled as (...args: unknown[]) => Promise<unknown>;
    await expect(call([1])).rejects.toMatchObject({ code: "JOINERY_INVALID_ARGUMENT" });
    await expect(call([() => 1], { concurrency: -1 })).rejects.toMatchObject({
      code: "JOINERY_INVALID_CONCURRENCY",
    });
    await expect(call([() => 1], { signal: AbortSignal.abort("why") })).rejects.toMatchObject({
      cause: "why",
    });
  });
});
