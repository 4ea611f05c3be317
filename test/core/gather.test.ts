/** Section 2, `gather`: asyncio's. */

import {
  CancelledError,
  createTask,
  gather,
  moveOnAfter,
  shield,
  sleep,
  type Task,
  taskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { takeUnhandledRejections, takeWarnings } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after, failAfter } from "../support/work.ts";

const a = new Error("a");
const b = new Error("b");

describe("2: gather", () => {
  test("2: gives the results in the order of the arguments, of functions, tasks and promises", async () => {
    const results = await inVirtualTime(() =>
      gather([
        () => after(20, 1),
        createTask(() => after(10, "two")),
        Promise.resolve(3n),
        () => true,
      ]),
    );
    expect(results).toEqual([1, "two", 3n, true]);
  });

  test("2: takes any iterable, and nothing at all", async () => {
    await inVirtualTime(async () => {
      expect(await gather(new Set([() => 1, () => 2]))).toEqual([1, 2]);
      expect(await gather([])).toEqual([]);
      expect(await gather([], { returnExceptions: true })).toEqual([]);
    });
  });

  test("2: awaits a task that it is given twice once, and calls a function as often as it is given", async () => {
    let calls = 0;
    const call = (): number => ++calls;
    const results = await inVirtualTime(async () => {
      const task = createTask(call);
      return gather([task, call, task, call]);
    });
    expect(results).toEqual([1, 2, 1, 3]);
  });

  test("2: throws the first error at once, and the rest run on", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await gather([
        () => sleep(20).then(() => trace.push("the rest ran on")),
        () => failAfter(5, a),
        () => after(1, "quick"),
      ]).catch((error: unknown) => trace.push(String(error)));
      await sleep(30);
    });
    expect(trace).toEqual(["Error: a", "the rest ran on"]);
  });

  test("2: announces an error after the first as a process warning", async () => {
    await inVirtualTime(async () => {
      await expect(
        gather([() => failAfter(5, a), () => failAfter(10, b), () => failAfter(5, b)]),
      ).rejects.toBe(a);
      await sleep(20);
    });
    const warnings = await takeWarnings();
    expect(warnings).toHaveLength(2);
    for (const warning of warnings) expect(warning).toMatch(/^JOINERY_LATE_ERROR: .*Error: b$/);
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("2: drops no late error in silence, of a task that it was given either", async () => {
    await inVirtualTime(async () => {
      const task = createTask(() => failAfter(10, b));
      await expect(gather([() => failAfter(5, a), task])).rejects.toBe(a);
      await sleep(20);
    });
    const said = [...(await takeWarnings()), ...(await takeUnhandledRejections()).map(String)];
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/Error: b$/);
  });

  test("2: says nothing of a late error that a group reports in any case", async () => {
    await inVirtualTime(async () => {
      const group = taskGroup(
        async (g) => {
          const one = g.createTask(() => failAfter(5, a));
          const two = g.createTask(() => failAfter(10, b));
          await expect(gather([one, two])).rejects.toBe(a);
        },
        { onError: "collect" },
      );
      await expect(group).rejects.toMatchObject({ errors: [a, b] });
    });
    expect(await takeWarnings()).toEqual([]);
  });

  test("2: a child that a third party cancelled rejects it, and cancels neither the gather nor the siblings", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const victim = createTask(() => sleep(100), { name: "victim" });
      createTask(() => sleep(5).then(() => void victim.cancel("why")));
      await gather([victim, () => sleep(20).then(() => trace.push("sibling over"))]).catch(
        (error: CancelledError) => {
          trace.push(`${error.scope}: ${String(error.cause)}`);
        },
      );
      await sleep(30); // not refused
    });
    expect(trace).toEqual(["victim: why", "sibling over"]);
  });

  test("2: refuses what is no item, before anything starts", async () => {
    const trace: string[] = [];
    const call = gather as (...args: unknown[]) => Promise<unknown>;
    const refusal = expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" });
    await expect(call([() => trace.push("started"), 1])).rejects.toEqual(refusal);
    await expect(call(undefined)).rejects.toEqual(refusal);
    await expect(call("text")).rejects.toEqual(refusal);
    await expect(call(Promise.resolve())).rejects.toEqual(refusal);
    await expect(call([() => 1], { signal: 1 })).rejects.toEqual(refusal);
    expect(trace).toEqual([]);
  });
});

describe("2: gather with returnExceptions", () => {
  test("2: puts errors and cancellations into the list", async () => {
    const results = await inVirtualTime(async () => {
      const victim = createTask(() => sleep(100));
      createTask(() => sleep(5).then(() => void victim.cancel()));
      return gather([() => failAfter(10, a), victim, () => "value", () => failAfter(1, b)], {
        returnExceptions: true,
      });
    });
    expect(results).toEqual([a, expect.any(CancelledError), "value", b]);
    expect(results[0]).toBe(a);
  });

  test("2: cancelled, it waits for all, and rejects with the cancellation, never with the list", async () => {
    const trace: string[] = [];
    const cleanUp = (ms: number) => () =>
      sleep(100)
        .catch(() => shield(() => sleep(ms), { within: 50 }))
        .then(() => trace.push(`${ms} over`));
    const { expired } = await inVirtualTime(() =>
      moveOnAfter(5, () =>
        gather([cleanUp(10), cleanUp(20)], { returnExceptions: true }).catch(
          (error: CancelledError) => {
            trace.push(error.source);
            throw error;
          },
        ),
      ),
    );
    expect(trace).toEqual(["10 over", "20 over", "deadline"]);
    expect(expired).toBe(true);
  });
});

/** Takes `ms` to clean up. */
function child(trace: string[], ms: number) {
  return async (): Promise<void> => {
    try {
      await sleep(100);
    } catch (error) {
      trace.push(`${ms}: ${(error as CancelledError).source}`);
      await shield(() => sleep(ms), { within: 50 });
      trace.push(`${ms} over`);
      throw error;
    }
  };
}

async function stubborn(): Promise<string> {
  return sleep(100).then(
    () => "slept",
    () => "swallowed",
  );
}

describe("2: cancelling a gather", () => {
  test("2: cancels its children, and rejects when the first of them has ended", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await moveOnAfter(5, () => gather([child(trace, 20), child(trace, 10)]));
      trace.push("gather over");
      await sleep(30);
    });
    expect(trace).toEqual(["20: parent", "10: parent", "10 over", "gather over", "20 over"]);
  });

  test("2: cancels the tasks that it was given as well", async () => {
    await inVirtualTime(async () => {
      const task = createTask(() => sleep(100));
      await moveOnAfter(5, () => gather([task]));
      expect(task.cancelled()).toBe(true);
    });
  });

  test("2: the error of the first child to end comes out instead; a later one is a warning", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await moveOnAfter(5, () =>
        gather([
          () => sleep(100).catch(() => Promise.reject(a)),
          () => sleep(100).catch(() => Promise.reject(b)),
        ]).catch((error: unknown) => trace.push(String(error))),
      );
    });
    expect(trace).toEqual(["Error: a"]);
    expect(await takeWarnings()).toEqual([
      expect.stringMatching(/^JOINERY_LATE_ERROR: .*Error: b$/),
    ]);
  });

  test("2: children that swallow the cancel do not save it", async () => {
    const outcome = await inVirtualTime(() => moveOnAfter(5, () => gather([stubborn, stubborn])));
    expect(outcome).toEqual({ expired: true, value: undefined });
  });

  test("2: that is over leaves the survivors alone", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await moveOnAfter(10, async () => {
        await gather([
          () => failAfter(5, a),
          () => sleep(20).then(() => trace.push("survivor over")),
        ]).catch(() => {});
        await sleep(100);
      });
      trace.push("deadline");
      await sleep(20);
    });
    expect(trace).toEqual(["deadline", "survivor over"]);
  });

  test("2: by its own { signal }", async () => {
    const controller = new AbortController();
    let task!: Task<void>;
    await inVirtualTime(async () => {
      task = createTask(() => sleep(100));
      createTask(() => sleep(5).then(() => controller.abort("why")));
      await expect(gather([task], { signal: controller.signal })).rejects.toMatchObject({
        source: "signal",
        cause: "why",
      });
    });
    expect(task.cancelled()).toBe(true);
  });

  test("3.1 and 3.6: in a cancelled scope it throws on entry, and starts nothing", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await moveOnAfter(5, async () => {
        await sleep(100).catch(() => {});
        await gather([() => sleep(5).then(() => trace.push("ran"))]);
      });
      await sleep(20);
    });
    expect(trace).toEqual([]);
  });

  test("3.1 and 3.6: with a signal that has aborted before it starts nothing", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const waiting = gather([() => void trace.push("ran")], { signal: AbortSignal.abort() });
      await expect(waiting).rejects.toMatchObject({ source: "signal" });
      await sleep(5);
    });
    expect(trace).toEqual([]);
  });
});
