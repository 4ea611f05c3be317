/** Section 2, `race` and `any`: losers are cancelled and awaited. */

import {
  any,
  type CancelledError,
  createTask,
  ExceptionGroup,
  moveOnAfter,
  race,
  shield,
  sleep,
} from "joinery";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after, failAfter } from "../support/work.ts";

const a = new Error("a");
const b = new Error("b");

/** Never wins, and takes `ms` to clean up. */
function loser(trace: string[], ms = 20) {
  return async (): Promise<never> => {
    try {
      await sleep(1000);
      throw new Error("a loser won");
    } catch (error) {
      trace.push((error as CancelledError).source);
      await shield(() => sleep(ms), { within: 50 });
      trace.push("cleaned up");
      throw error;
    }
  };
}

function failsInCleanup(error: Error) {
  return async (): Promise<void> => {
    try {
      await sleep(100);
    } catch {
      throw error;
    }
  };
}

describe("2: race", () => {
  test("2: gives the value of the first to end; the losers are cancelled and awaited", async () => {
    const trace: string[] = [];
    const value = await inVirtualTime(() => race([loser(trace), () => after(5, "winner")]));
    trace.push(value);
    expect(trace).toEqual(["explicit", "cleaned up", "winner"]);
  });

  test("2: throws the error of the first to end, naked, when the losers are over", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await expect(race([loser(trace), () => failAfter(5, a)])).rejects.toBe(a);
    });
    expect(trace).toEqual(["explicit", "cleaned up"]);
  });

  test("2: takes records, iterables, tasks and promises; a task that loses is cancelled", async () => {
    await inVirtualTime(async () => {
      const task = createTask(() => sleep(100));
      expect(await race({ task, quick: () => after(5, "quick") })).toBe("quick");
      expect(task.cancelled()).toBe(true);
      expect(await race(new Set([() => after(2, 2), () => after(1, 1)]))).toBe(1);
      expect(await race([after(5, "promise"), () => sleep(100)])).toBe("promise");
    });
  });

  test("2: the first in order of the items wins among those that end together", async () => {
    expect(await inVirtualTime(() => race([() => after(5, "one"), () => after(5, "two")]))).toBe(
      "one",
    );
  });

  test("2: an error of a loser is a process warning", async () => {
    const value = await inVirtualTime(() => race([failsInCleanup(b), () => after(5, "winner")]));
    expect(value).toBe("winner");
    expect(await takeWarnings()).toEqual([
      expect.stringMatching(/^JOINERY_LATE_ERROR: .*Error: b$/),
    ]);
  });

  test("2: an outer cancel cancels all, waits for them, and goes on", async () => {
    const trace: string[] = [];
    const outcome = await inVirtualTime(() =>
      moveOnAfter(5, () => race([loser(trace), loser(trace)])),
    );
    expect(outcome).toEqual({ expired: true, value: undefined });
    expect(trace).toEqual(["deadline", "deadline", "cleaned up", "cleaned up"]);
  });

  test("4.4: an outer cancel and an error together: the error comes out, in a group", async () => {
    await inVirtualTime(async () => {
      const some = moveOnAfter(5, () => race([failsInCleanup(a), () => sleep(100)]));
      await expect(some).rejects.toMatchObject({ errors: [a] });
    });
    expect(await takeWarnings()).toEqual([]);
  });

  test("4.4: an outer cancel upon which every item fails: the errors come out, in a group", async () => {
    await inVirtualTime(async () => {
      const every = moveOnAfter(5, () => race([failsInCleanup(a), failsInCleanup(b)]));
      await expect(every).rejects.toMatchObject({ errors: [a, b] });
    });
    expect(await takeWarnings()).toEqual([]);
  });

  test("2: an outer cancel during the cleanup of the losers does not take the outcome", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(10, async () => {
        trace.push(await race([loser(trace), () => after(5, "winner")]));
        await sleep(1).catch((error: CancelledError) => trace.push(error.source));
      }),
    );
    expect(trace).toEqual(["explicit", "cleaned up", "winner", "deadline"]);
  });

  test("2: refuses no items, bad items and bad options", async () => {
    const call = race as (...args: unknown[]) => Promise<unknown>;
    await expect(call([])).rejects.toMatchObject({ name: "RangeError", code: "JOINERY_NO_ITEMS" });
    await expect(call({})).rejects.toMatchObject({ code: "JOINERY_NO_ITEMS" });
    await expect(call([1])).rejects.toMatchObject({ code: "JOINERY_INVALID_ARGUMENT" });
    await expect(call([() => 1], { concurrency: 0 })).rejects.toMatchObject({
      code: "JOINERY_INVALID_CONCURRENCY",
    });
    await expect(call([() => 1], { grace: "long" })).rejects.toMatchObject({
      code: "JOINERY_INVALID_TIME",
    });
  });

  test("2: with a signal that has aborted starts nothing", async () => {
    const trace: string[] = [];
    const racing = race([() => trace.push("ran")], { signal: AbortSignal.abort("why") });
    await expect(racing).rejects.toMatchObject({ source: "signal", cause: "why" });
    expect(trace).toEqual([]);
  });
});

describe("2: any", () => {
  test("2: gives the first value, whatever failed before; the losers are cancelled and awaited", async () => {
    const trace: string[] = [];
    const value = await inVirtualTime(() =>
      any([() => failAfter(1, a), loser(trace), () => after(5, "winner")]),
    );
    trace.push(value);
    expect(trace).toEqual(["explicit", "cleaned up", "winner"]);
    expect(await takeWarnings()).toEqual([]);
  });

  test("2: takes records and tasks", async () => {
    await inVirtualTime(async () => {
      const task = createTask(() => sleep(100));
      expect(await any({ task, quick: () => after(5, "quick") })).toBe("quick");
      expect(task.cancelled()).toBe(true);
    });
  });

  test("2: all fail: a group of all errors, in the order of the items", async () => {
    const error = await inVirtualTime(() =>
      any([() => failAfter(5, a), () => failAfter(1, b)]).catch((reason: unknown) => reason),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([a, b]);
    expect((error as ExceptionGroup).message).toBe("no item of any() succeeded");
  });

  test("2: all fail or are cancelled one by one: a group of all that happened", async () => {
    const error = await inVirtualTime(() =>
      any([
        () => failAfter(5, a),
        async (task) => {
          task.cancel("self");
          await sleep(1);
        },
      ]).catch((reason: unknown) => reason),
    );
    expect((error as ExceptionGroup).message).toBe("no item of any() succeeded");
    expect((error as ExceptionGroup).errors).toEqual([
      a,
      expect.objectContaining({ code: "JOINERY_CANCELLED" }),
    ]);
  });

  test("2: an error of a loser after the first value is a process warning, as with race", async () => {
    const value = await inVirtualTime(() => any([failsInCleanup(b), () => after(5, "winner")]));
    expect(value).toBe("winner");
    expect(await takeWarnings()).toEqual([
      expect.stringMatching(/^JOINERY_LATE_ERROR: .*Error: b$/),
    ]);
  });

  test("2: an outer cancel cancels all, and goes on; errors win", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      expect(await moveOnAfter(5, () => any([loser(trace)]))).toEqual({
        expired: true,
        value: undefined,
      });
      const failing = moveOnAfter(5, () => any([failsInCleanup(a), () => sleep(100)]));
      await expect(failing).rejects.toMatchObject({ errors: [a] });
    });
    expect(trace).toEqual(["deadline", "cleaned up"]);
  });

  test("2: refuses no items, bad items and bad options", async () => {
    const call = any as (...args: unknown[]) => Promise<unknown>;
    await expect(call([])).rejects.toMatchObject({ code: "JOINERY_NO_ITEMS" });
    await expect(call([{}])).rejects.toMatchObject({ code: "JOINERY_INVALID_ARGUMENT" });
    await expect(call([() => 1], { concurrency: 0 })).rejects.toMatchObject({
      code: "JOINERY_INVALID_CONCURRENCY",
    });
  });
});
