/** Executors where the runtime has no AsyncLocalStorage: with handles and `{ signal }`. */

import type * as Joinery from "joinery";
import type * as JoineryExecutor from "joinery/executor";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let joinery: typeof Joinery;
let executors: typeof JoineryExecutor;

/** A fresh copy of the package, on a runtime without `node:` modules: a page in a browser. */
beforeEach(async () => {
  vi.resetModules();
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  joinery = await import("joinery");
  executors = await import("joinery/executor");
});

afterEach(() => {
  expect(joinery.statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
  vi.restoreAllMocks();
  vi.resetModules();
});

test("a call is cancelled through the signal of its task, and its function through that of the call", async () => {
  const { sleep, taskGroup } = joinery;
  const { inProcess, remote } = executors;
  const trace: string[] = [];
  const rest = remote("rest", async (ms: number, { signal }) => {
    await sleep(ms, { signal }).finally(() => trace.push("cleaned up"));
  });
  const executor = inProcess({ rest });
  const error: unknown = await taskGroup((group) => {
    group.createTask(({ signal }) => executor.call(rest, 60_000, { signal }));
    group.createTask(async ({ signal }) => {
      await sleep(1, { signal });
      throw new RangeError("poisoned");
    });
  }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ errors: [{ message: "poisoned" }] });
  expect(trace).toEqual(["cleaned up"]);
  await executor.close();
});

test("a deadline that an engine brings along holds", async () => {
  const { sleep } = joinery;
  const { createWorker, remote } = executors;
  const rest = remote("rest", (_: void, { signal }) => sleep(60_000, { signal }));
  const worker = createWorker({ rest }, { name: "w" });
  const message = { fn: "rest", input: null, key: "k", idempotent: false, timeLeft: 1 };
  expect(await worker.spawn(message).ended).toMatchObject({
    status: "cancelled",
    error: { data: { source: "deadline" } },
  });
});

test("the deadline of a caller does not travel: there is nothing that knows it", async () => {
  const { timeout } = joinery;
  const { createExecutor, remote } = executors;
  const sent: object[] = [];
  const executor = createExecutor({
    name: "fake",
    spawn(message) {
      sent.push(message);
      return { ended: Promise.resolve({ status: "value", value: 1 }), cancel() {} };
    },
    close: async () => {},
  });
  const there = remote("there", () => 1);
  await timeout(1000, ({ signal }) => executor.call(there, undefined, { signal }));
  expect(sent).toHaveLength(1);
  expect(sent[0]).not.toHaveProperty("timeLeft");
  expect(sent[0]).not.toHaveProperty("headers");
});
