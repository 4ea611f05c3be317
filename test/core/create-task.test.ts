/** Section 2, `createTask`: a background task of the enclosing `run`. */

import {
  allTasks,
  type CancelledError,
  createTask,
  currentTask,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
} from "joinery";
import { expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const a = new Error("a");

test("2: returns a handle at once, and starts in a later microtask", async () => {
  const trace: string[] = [];
  await inVirtualTime(async () => {
    const task = createTask(() => {
      trace.push("started");
      return "value";
    });
    trace.push(task.state);
    trace.push(await task);
  });
  expect(trace).toEqual(["new", "started", "value"]);
});

test("2: a crowd takes its first steps in order, those that it creates meanwhile after it", async () => {
  const steps: number[] = [];
  const crowd = 1500;
  await taskGroup((group) => {
    for (let i = 0; i < crowd; i++)
      group.createTask(() => {
        steps.push(i);
        group.createTask(() => void steps.push(crowd + i));
      });
  });
  expect(steps).toEqual(Array.from({ length: 2 * crowd }, (_, i) => i));
});

test("2: belongs to the run, not to the block that it is created in: no cancel of that reaches it", async () => {
  const trace: string[] = [];
  await inVirtualTime(async () => {
    let background!: PromiseLike<void>;
    await moveOnAfter(5, () =>
      taskGroup(async () => {
        background = createTask(() => sleep(20).then(() => void trace.push("background over")));
        await sleep(100);
      }),
    );
    trace.push("block over");
    await background;
  });
  expect(trace).toEqual(["block over", "background over"]);
});

test("2: what is left over at the end of the run is cancelled and awaited", async () => {
  const trace: string[] = [];
  await inVirtualTime(async () => {
    createTask(async () => {
      await sleep(100).catch((error: CancelledError) => trace.push(error.source));
      await shield(() => sleep(5), { within: 50 });
      trace.push("cleaned up");
    });
    await sleep(1);
    trace.push("main over");
  });
  trace.push("run over");
  expect(trace).toEqual(["main over", "shutdown", "cleaned up", "run over"]);
});

test("2: outside of any run it belongs to the process", async () => {
  const task = createTask(
    async () => {
      await sleep(0);
      return allTasks().map((each) => each.name);
    },
    { name: "lonely" },
  );
  expect(currentTask()).toBeUndefined();
  expect(await task).toContain("lonely");
});

test("2: fails and nobody awaits it: an unhandled rejection with its error", async () => {
  await inVirtualTime(async () => {
    createTask(() => Promise.reject(a));
    await sleep(5);
  });
  expect(await takeUnhandledRejections()).toEqual([a]);
});

test("2: fails and somebody awaits it, or looks at it in the same turn: no unhandled rejection", async () => {
  const seen: unknown[] = [];
  await inVirtualTime(async () => {
    const awaited = createTask(() => sleep(5).then(() => Promise.reject(a)));
    await awaited.then(undefined, (error: unknown) => seen.push(error));
    const looked = createTask(() => {
      throw a;
    });
    await Promise.resolve();
    await Promise.resolve();
    seen.push(looked.exception());
    await sleep(5);
  });
  expect(seen).toEqual([a, a]);
  expect(await takeUnhandledRejections()).toEqual([]);
});

test("2: fails after those who awaited it were cancelled: an unhandled rejection, not silence", async () => {
  await inVirtualTime(async () => {
    const task = createTask(() => sleep(10).then(() => Promise.reject(a)));
    const { expired } = await moveOnAfter(5, async () => await task);
    expect(expired).toBe(true);
    await sleep(10);
    expect(task.state).toBe("failed");
  });
  expect(await takeUnhandledRejections()).toEqual([a]);
});

test("2: that was cancelled is no unhandled rejection", async () => {
  await inVirtualTime(async () => {
    const task = createTask(() => sleep(100));
    await sleep(1);
    expect(task.cancel()).toBe(true);
    await sleep(1);
    expect(task.cancelled()).toBe(true);
  });
  expect(await takeUnhandledRejections()).toEqual([]);
});

test("2: takes a name and a signal", async () => {
  const controller = new AbortController();
  await inVirtualTime(async () => {
    const task = createTask(() => sleep(100), { name: "given", signal: controller.signal });
    expect(task.name).toBe("given");
    await sleep(1);
    controller.abort("why");
    await expect(Promise.resolve(task)).rejects.toMatchObject({ source: "signal", cause: "why" });
  });
});

function refusal(code: string): unknown {
  return expect.objectContaining({ code });
}

test("2: refuses what is no function or no signal, at once", () => {
  const create = createTask as (...args: unknown[]) => unknown;
  expect(() => create("text")).toThrow(refusal("JOINERY_EXPECTED_FUNCTION"));
  expect(() => create(Promise.resolve())).toThrow(refusal("JOINERY_STARTED_PROMISE"));
  expect(() => create(() => {}, { signal: "now" })).toThrow(refusal("JOINERY_INVALID_ARGUMENT"));
});

test("4.9: a block that a task leaves open makes it fail, with the error that was on its way as the cause", async () => {
  await inVirtualTime(async () => {
    let forgotten!: Promise<unknown>;
    const open = (then: () => void) => () => {
      forgotten = moveOnAfter(50, () => sleep(100)).catch(() => {});
      then();
    };
    const forgetful = createTask(open(() => {}));
    await expect(Promise.resolve(forgetful)).rejects.toMatchObject({
      code: "JOINERY_SCOPE_LEFT_OPEN",
    });
    await forgotten;
    const failing = createTask(
      open(() => {
        throw a;
      }),
    );
    await expect(Promise.resolve(failing)).rejects.toMatchObject({
      code: "JOINERY_SCOPE_LEFT_OPEN",
      cause: a,
    });
    await forgotten;
  });
});
