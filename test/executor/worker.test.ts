/** The other side of a call, without an engine. */

import { CancelledError, shield, sleep, timeLeft } from "joinery";
import { type CallMessage, createWorker, encodeError, remote } from "joinery/executor";
import { describe, expect, test, vi } from "vitest";
import { inPassingTime } from "../support/virtual-clock.ts";

const trace: string[] = [];

const rest = remote("rest", async (_: void, { signal }) => {
  trace.push("began");
  try {
    await sleep(60_000);
  } finally {
    await shield(() => sleep(10), { within: Infinity });
    trace.push(`over: ${(signal.reason as Error).message}`);
  }
});

/** Computes, and never waits, until it is told to stop. */
const compute = remote("compute", (how: "aborted" | "reason" | "throw" | "checkpoint", call) => {
  for (let turns = 1; ; turns++) {
    if (how === "aborted" && call.signal.aborted) return turns;
    if (how === "reason" && call.signal.reason !== undefined) return turns;
    if (how === "throw") call.signal.throwIfAborted();
    if (how === "checkpoint") call.checkpoint();
    if (turns > 1000) throw new Error("nobody told it");
  }
});
const left = remote("left", () => timeLeft());
const worker = createWorker({ rest, compute, left }, { name: "w" });

const why = encodeError(new CancelledError("enough", { source: "explicit" }));

function messageFor(fn: string, input: string | null = null): CallMessage {
  return { fn, input, key: "k", idempotent: false };
}

describe("E1: a call that is cancelled before it begins", () => {
  test("does not begin", async () => {
    trace.length = 0;
    const child = worker.spawn(messageFor("rest"));
    child.cancel(why);
    expect(await child.ended).toMatchObject({ status: "cancelled", worker: "w", attempt: 1 });
    expect(trace).toEqual([]);
  });
});

describe("E2: the outcome", () => {
  test("comes when the cleanup is over", async () => {
    trace.length = 0;
    await inPassingTime(async () => {
      const child = worker.spawn(messageFor("rest"));
      await sleep(1);
      child.cancel(why);
      child.cancel(why);
      trace.push((await child.ended).status);
    });
    expect(trace).toEqual(["began", "over: enough", "cancelled"]);
  });

  test("does not depend on the scope that the worker was asked in", async () => {
    trace.length = 0;
    await inPassingTime(async (task) => {
      const child = worker.spawn(messageFor("rest"));
      await sleep(1);
      task.cancel();
      child.cancel(why);
      await child.ended.then(({ status }) => trace.push(status));
    }).catch(() => {});
    expect(trace).toEqual(["began", "over: enough", "cancelled"]);
  });
});

describe("E3: ended never rejects", () => {
  test("for a function that the worker has not", async () => {
    const code = "JOINERY_NOT_SERVED";
    const outcome = await worker.spawn(messageFor("missing")).ended;
    expect(outcome).toMatchObject({ status: "error", error: { code } });
  });

  test("for an input that it cannot read", async () => {
    const outcome = await worker.spawn(messageFor("left", { $bigint: "x" } as never)).ended;
    expect(outcome).toMatchObject({ status: "error", error: { name: "SyntaxError" } });
  });
});

test("the first cancel says why a call was stopped, and the others do not", async () => {
  const child = worker.spawn(messageFor("rest"));
  expect(child.reason).toBeUndefined();
  child.cancel(why);
  child.cancel(encodeError(new CancelledError("again", { source: "shutdown" })));
  expect(child.reason).toBe(why);
  expect(await child.ended).toMatchObject({ error: { message: "enough" } });
});

test("a cancel of a call that is over says nothing and decodes nothing", async () => {
  const child = worker.spawn(messageFor("left"));
  await child.ended;
  const read = vi.fn<() => string[]>(() => []);
  child.cancel(Object.defineProperty({ ...why }, "classes", { get: read }));
  expect(read).not.toHaveBeenCalled();
  expect(child.reason).toBeUndefined();
});

test("a reason that is no cancellation becomes the cause of one", async () => {
  const child = worker.spawn(messageFor("rest"));
  child.cancel(encodeError(new RangeError("of another kind")));
  expect(await child.ended).toMatchObject({
    status: "cancelled",
    error: { message: "of another kind", data: { source: "parent" } },
  });
});

test("the deadline of the caller is that of the function", async () => {
  await inPassingTime(async () => {
    const message = { ...messageFor("left"), timeLeft: 50 };
    expect(await worker.spawn(message).ended).toMatchObject({ status: "value", value: 50 });
  });
});

test("a deadline that passes cancels the function, and its outcome says so", async () => {
  trace.length = 0;
  await inPassingTime(async () => {
    const child = worker.spawn({ ...messageFor("rest"), timeLeft: 50 });
    expect(await child.ended).toMatchObject({
      status: "cancelled",
      error: { data: { source: "deadline" } },
    });
  });
  expect(trace).toHaveLength(2);
});

describe("a loop that never waits is told through what it asks", () => {
  test.each([
    ["aborted", "value"],
    ["reason", "value"],
    ["throw", "cancelled"],
    ["checkpoint", "cancelled"],
  ])("%s", async (how, status) => {
    let looks = 0;
    const child = worker.spawn(messageFor("compute", how), {
      poll: () => {
        if (looks < 3 && ++looks === 3) child.cancel(why);
      },
    });
    expect(await child.ended).toMatchObject({ status });
    expect(looks).toBe(3);
  });

  test("without a way to look it is told when it waits, and not before", async () => {
    const child = worker.spawn(messageFor("compute", "checkpoint"));
    expect(await child.ended).toMatchObject({
      status: "error",
      error: { message: "nobody told it" },
    });
  });
});

describe("a worker whose engine clones", () => {
  const same = remote("same", (value: unknown) => value);
  const cloning = createWorker({ same }, { name: "w", clones: true });

  test("takes input and gives results as they are", async () => {
    const value = { shared: new SharedArrayBuffer(1) };
    const outcome = await cloning.spawn(messageFor("same", value as never)).ended;
    expect(outcome).toEqual({ status: "value", value });
  });
});
