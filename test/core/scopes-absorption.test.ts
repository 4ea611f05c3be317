import { expect, test } from "vitest";
import {
  CancelledError,
  createTask,
  ExceptionGroup,
  moveOnAfter,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
  wait,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

test("3.2: the edge of the scope that was cancelled absorbs its error, and the code after it goes on", async () => {
  const trace: string[] = [];
  await inPassingTime(async () => {
    const result = await moveOnAfter(10, () => sleep(1000));
    trace.push(`expired: ${result.expired}`);
    await sleep(5);
    trace.push("went on");
  });
  expect(trace).toEqual(["expired: true", "went on"]);
});

test("3.2: an inner edge lets the error of an outer scope pass", async () => {
  const trace: string[] = [];
  await inPassingTime(() =>
    moveOnAfter(10, async () => {
      await moveOnAfter(1000, async () => {
        await taskGroup(async () => sleep(1000)).finally(() => trace.push("group left"));
      }).finally(() => trace.push("inner left"));
      trace.push("never");
    }),
  );
  expect(trace).toEqual(["group left", "inner left"]);
});

test("3.2: an edge does not absorb its own error if an outer scope is cancelled too", async () => {
  const trace: string[] = [];
  await inPassingTime(async () => {
    const outer = await moveOnAfter(20, async () => {
      await moveOnAfter(10, async () => {
        try {
          await sleep(1000);
        } finally {
          trace.push("inner deadline");
          await new Promise<void>((resolve) => void createTask(() => sleep(30).then(resolve)));
        }
      }).finally(() => trace.push("inner edge"));
      trace.push("never");
    });
    trace.push(`outer: ${outer.expired}`);
  });
  expect(trace).toEqual(["inner deadline", "inner edge", "outer: true"]);
});

test("3.2: when inner and outer are both cancelled, the outer error comes out of the inner edge", async () => {
  await inPassingTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(async () => {
        const error = await timeout(10, async () => {
          try {
            await sleep(1000);
          } finally {
            task.cancel("outer");
          }
        }).catch(caught);
        expect(error).toMatchObject({ source: "explicit", cause: "outer" });
        throw error;
      });
      await wait([task]);
      expect(task.cancelled()).toBe(true);
    }),
  );
});

test("3.2: a made-up CancelledError in a child is an ordinary error", async () => {
  const made = new CancelledError("made up");
  const error = await inPassingTime(() =>
    taskGroup(async (group) => {
      group.createTask(() => Promise.reject(made));
    }),
  ).catch(caught);
  expect(error).toBeInstanceOf(ExceptionGroup);
  expect((error as ExceptionGroup).errors).toEqual([made]);
});

test("3.2: a made-up CancelledError in a cancelled child is an ordinary error, too", async () => {
  const made = new CancelledError("made up");
  const error = await inPassingTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(() => sleep(1000).catch(() => Promise.reject(made)));
      await turn();
      task.cancel();
    }),
  ).catch(caught);
  expect((error as ExceptionGroup).errors).toEqual([made]);
});

test("3.2: awaiting a sibling that was cancelled on its own is a failure of the one who awaits", async () => {
  const error = await inPassingTime(() =>
    taskGroup(async (group) => {
      const slow = group.createTask(() => sleep(1000), { name: "slow" });
      group.createTask(async () => slow, { name: "awaits" });
      await turn();
      slow.cancel("alone");
    }),
  ).catch(caught);
  expect((error as ExceptionGroup).errors).toHaveLength(1);
  expect((error as ExceptionGroup).errors[0]).toMatchObject({
    source: "explicit",
    scope: "slow",
    cause: "alone",
  });
});

test("3.2: a CancelledError of a scope that is over is an ordinary error in the next one", async () => {
  const error = await inPassingTime(async () => {
    let kept: unknown;
    await moveOnAfter(1, () => sleep(10).catch((reason: unknown) => (kept = reason)));
    return moveOnAfter(1, () => Promise.reject(kept as Error)).catch((reason: unknown) => [
      reason,
      kept,
    ]);
  });
  const [thrown, kept] = error as unknown[];
  expect(thrown).toBeInstanceOf(CancelledError);
  expect(thrown).toBe(kept);
});

test("3.2: a body that swallows its cancellation and returns gives its value out", async () => {
  await inPassingTime(async () => {
    const result = await moveOnAfter(10, () => sleep(1000).then(undefined, () => "value"));
    expect(result).toEqual({ expired: true, value: "value" });
  });
});

test("3.2: a body that throws an error of its own instead gets that out", async () => {
  await inPassingTime(async () => {
    const own = new Error("cleanup failed");
    const failing = timeout(10, () => sleep(1000).catch(() => Promise.reject(own)));
    expect(await failing.catch(caught)).toBe(own);
  });
});

test("3.2: an error that merely has the cancellation as its cause is a failure", async () => {
  await inPassingTime(async () => {
    const failing = timeout(10, () =>
      sleep(1000).catch((cause: unknown) => Promise.reject(new Error("wrapped", { cause }))),
    );
    expect(await failing.catch(caught)).toMatchObject({
      message: "wrapped",
      cause: { source: "deadline" },
    });
  });
});

test("3.2: a TimeoutError is no cancellation: it goes through the edges around as an ordinary error", async () => {
  await inPassingTime(async () => {
    let inner: unknown;
    const innermost = () =>
      timeout(10, () => sleep(50)).catch((error: unknown) => Promise.reject((inner = error)));
    const error = await timeout(1000, () => moveOnAfter(1000, innermost)).catch(caught);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toBe(inner);
  });
});
