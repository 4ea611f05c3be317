/** What goes through the queue, what is left in it, and what is refused. */

import { AsyncLocalStorage } from "node:async_hooks";
import { hostname } from "node:os";
import { bullmq, serve } from "@joinery/bullmq";
import { all, moveOnAfter, shield, sleep, taskGroup, timeLeft, timeout } from "joinery";
import { LostError, propagate, remote } from "joinery/executor";
import { describe, expect, test } from "vitest";
import { keysOf, open, until, useRedis } from "./support.ts";

useRedis();

const square = remote("square", (n: number) => n * n);
const left = remote("left", () => timeLeft());
const place = remote("place", (_: void, { worker, attempt }) => ({ worker, attempt }));
const long = remote("long", async (_: void, { signal }) => sleep(60_000, { signal }));

describe("calls", () => {
  test("are run by all the workers there are, and each of them as many at once as it says", async () => {
    let most = 0;
    let now = 0;
    const crowd = remote("crowd", async (_: void, { worker }) => {
      most = Math.max(most, ++now);
      await sleep(20);
      now--;
      return worker;
    });
    await using pair = await open({ crowd }, { workers: 2, worker: { concurrency: 3 } });
    const ran = await all(Array.from({ length: 60 }, () => () => pair.executor.call(crowd)));
    expect(new Set(ran)).toEqual(new Set(["worker 1", "worker 2"]));
    expect(most).toBe(6);
  });

  test("wait in the queue for a worker that comes later", async () => {
    await using pair = await open({ square }, { workers: 0 });
    const { executor, options } = pair;
    const result = executor.call(square, 12);
    expect(executor.calls.map(({ state }) => state)).toEqual(["waiting"]);
    await using _ = await serve({ square }, { ...options });
    expect(await result).toBe(144);
  });

  test("show where they run", async () => {
    await using pair = await open({ long }, { caller: { name: "farm" } });
    const { executor } = pair;
    await moveOnAfter(60_000, async (scope) => {
      const call = executor.call(long, undefined, { signal: scope.signal });
      await until(() => executor.calls[0]?.state === "running");
      expect(executor.calls[0]).toMatchObject({
        name: "long on farm (worker 1)",
        place: { worker: "worker 1", attempt: 1 },
      });
      scope.reschedule(-Infinity);
      await call;
    });
  });

  test("know the machine and the process they run in", async () => {
    await using pair = await open({ place }, { worker: { name: `${hostname()}/${process.pid}` } });
    const { options } = pair;
    await pair.workers[0]!.close();
    await using worker = await serve({ place }, options);
    expect(worker.name).toBe(`${hostname()}/${process.pid}`);
    expect(await pair.executor.call(place)).toEqual({ worker: worker.name, attempt: 1 });
  });

  test("have less time left when they have waited", async () => {
    await using pair = await open({ left }, { workers: 0 });
    const { executor, options } = pair;
    const rest = await timeout(60_000, async () => {
      const call = executor.call(left);
      await sleep(50);
      await using _ = await serve({ left }, options);
      return await call;
    });
    expect(rest).toBeLessThanOrEqual(59_951);
  });

  test("take along what belongs to them: the context of a trace", async () => {
    const trace = new AsyncLocalStorage<string>();
    const stop = propagate({
      inject: (headers) => void (headers["traceparent"] = trace.getStore() ?? ""),
      extract: (headers, body) => trace.run(headers["traceparent"] ?? "", body),
    });
    try {
      const whose = remote("whose", () => trace.getStore());
      await using pair = await open({ whose });
      const seen = await trace.run("00-abc-def-01", () => pair.executor.call(whose));
      expect(seen).toBe("00-abc-def-01");
    } finally {
      stop();
    }
  });

  test("leave nothing in Redis when they are over", async () => {
    const fails = remote("fails", (): never => {
      throw new RangeError("no");
    });
    await using pair = await open({ square, fails, long });
    const { executor, options } = pair;
    await executor.call(square, 2);
    await executor.call(fails).catch(() => {});
    await moveOnAfter(30, () => executor.call(long));
    await executor.close();
    await pair.workers[0]!.close();
    const keys = await keysOf(options);
    // What BullMQ keeps of a queue; some of it only for a while.
    const ofTheQueue = ["events", "id", "marker", "meta", "stalled", "stalled-check"];
    expect(keys.filter((key) => !ofTheQueue.includes(key))).toEqual(["joinery-control"]);
  });
});

describe("a cancellation", () => {
  test("takes calls that wait out of the queue", async () => {
    await using pair = await open({ long }, { workers: 0 });
    const { executor, options } = pair;
    const calls = Array.from({ length: 20 }, () => () => executor.call(long));
    const { expired } = await moveOnAfter(100, () => all(calls));
    expect(expired).toBe(true);
    const keys = await keysOf(options);
    expect(keys.filter((key) => key.startsWith("wait") || /-\d+$/.test(key))).toEqual([]);
  });

  test("reaches all that run, and waits for their cleanup", async () => {
    let begun = 0;
    let cleaned = 0;
    const tidy = remote("tidy", async (_: void, { signal }) => {
      begun++;
      try {
        await sleep(60_000, { signal });
      } finally {
        await shield(() => sleep(50), { within: 1000 });
        cleaned++;
      }
    });
    await using pair = await open({ tidy }, { worker: { concurrency: 10 } });
    const { executor } = pair;
    const error: unknown = await taskGroup(async (group) => {
      for (let n = 0; n < 10; n++) group.createTask(() => executor.call(tidy));
      await until(() => begun === 10);
      throw new RangeError("poisoned");
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ errors: [{ message: "poisoned" }] });
    expect(cleaned).toBe(10);
    expect(pair.workers[0]!.running).toBe(0);
  });
});

describe("a worker that is closed", () => {
  test("takes nothing more, and finishes what it has", async () => {
    const slow = remote("slow", async () => {
      await sleep(100);
      return "done";
    });
    await using pair = await open({ slow });
    const { executor, workers } = pair;
    const first = executor.call(slow);
    await until(() => workers[0]!.running === 1);
    const second = executor.call(slow);
    const closing = workers[0]!.close();
    await Promise.all([closing, workers[0]!.close()]);
    expect(await first).toBe("done");
    expect(executor.calls.map(({ state }) => state)).toEqual(["waiting"]);
    await using _ = await serve({ slow }, pair.options);
    expect(await second).toBe("done");
  });
});

test("a bad time to close is an error, and the worker goes on", async () => {
  await using pair = await open({ square });
  const closing = pair.workers[0]!.close({ within: NaN });
  await expect(closing).rejects.toMatchObject({ code: "JOINERY_INVALID_TIME" });
  expect(await pair.executor.call(square, 3)).toBe(9);
});

describe("a Redis that is not there", () => {
  const connection = "redis://127.0.0.1:1";

  test("loses the calls after two leases, and says why", async () => {
    await using executor = bullmq({ connection, lease: 500 });
    const error = (await executor.call(square, 1).catch((reason: unknown) => reason)) as LostError;
    expect(error).toBeInstanceOf(LostError);
    expect(error.lost).toBe("engine");
    expect(error.message).toContain("Redis has not answered for 1000 ms: connect ECONNREFUSED");
  });

  test("does not keep an executor from closing, nor one that was never needed", async () => {
    const executor = bullmq({ connection, lease: 500 });
    const lost = executor.call(square, 1).catch((reason: unknown) => reason);
    await executor.close();
    expect(await lost).toBeInstanceOf(LostError);
    await bullmq({ connection }).close();
  });
});

const at = { connection: "redis://127.0.0.1:1" };
const invalid = "JOINERY_INVALID_ARGUMENT";

test.each<[string, unknown, string]>([
  ["no options", null, invalid],
  ["no connection", {}, invalid],
  ["an empty connection", { connection: "" }, invalid],
  ["a queue without a name", { ...at, queue: "" }, invalid],
  ["a queue with a colon in its name", { ...at, queue: "a:b" }, invalid],
  ["a prefix that is no text", { ...at, prefix: 7 }, invalid],
  ["a name that is no text", { ...at, name: 7 }, invalid],
  ["a lease that is no time", { ...at, lease: NaN }, "JOINERY_INVALID_TIME"],
  ["a lease that is too short", { ...at, lease: 499 }, "JOINERY_INVALID_TIME"],
  ["a lease that is too long", { ...at, lease: 300_001 }, "JOINERY_INVALID_TIME"],
])("%s is an error at the door, on both sides", async (_, options, code) => {
  expect(() => bullmq(options as never)).toThrow(expect.objectContaining({ code }));
  await expect(serve({ square }, options as never)).rejects.toMatchObject({ code });
});

test.each<[string, object, unknown, string]>([
  ["no function", {}, at, invalid],
  ["no room for a call", { square }, { ...at, concurrency: 0 }, "JOINERY_INVALID_CONCURRENCY"],
  ["half a call", { square }, { ...at, concurrency: 0.5 }, "JOINERY_INVALID_CONCURRENCY"],
  ["a listener that is none", { square }, { ...at, onError: 7 }, "JOINERY_EXPECTED_FUNCTION"],
])("a worker with %s is an error at the door", async (_, functions, options, code) => {
  await expect(serve(functions, options as never)).rejects.toMatchObject({ code });
});
