/** Runtimes that have a part of what the core looks for: each test loads a copy of its own. */

import { AsyncLocalStorage } from "node:async_hooks";
import { getEventListeners } from "node:events";
import type * as joinery from "joinery";
import { afterEach, expect, test, vi } from "vitest";
import { turn } from "../support/turn.ts";

async function freshCopy(): Promise<typeof joinery> {
  vi.resetModules();
  return import("joinery");
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("3: the global AsyncLocalStorage is enough, without the modules of Node", async () => {
  vi.stubGlobal("AsyncLocalStorage", AsyncLocalStorage);
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  const { createTask, currentTask } = await freshCopy();
  expect(await createTask(() => currentTask()?.name, { name: "edge" })).toBe("edge");
});

test("3: a Node that has no getBuiltinModule yet is a runtime without modules", async () => {
  vi.stubGlobal("process", { ...process, getBuiltinModule: undefined });
  const { createTask, currentTask } = await freshCopy();
  expect(() => currentTask()).toThrow(/AsyncLocalStorage/);
  expect(await createTask(() => "runs")).toBe("runs");
});

test("T4: the timer of the system is cleared when nobody waits for it any more", async () => {
  const set = vi.spyOn(globalThis, "setTimeout");
  const clear = vi.spyOn(globalThis, "clearTimeout");
  const { sleep, taskGroup } = await freshCopy();
  const day = 24 * 60 * 60 * 1000;
  await taskGroup(
    async (group) => {
      group.createTask(() => sleep(day));
      await turn();
      group.cancel();
    },
    { cancellable: true },
  );
  const its = set.mock.calls.findIndex(([, ms]) => ms !== undefined && ms >= day - 1000);
  expect(clear).toHaveBeenCalledWith(set.mock.results[its]?.value);
});

test("2: without AsyncResource children wait their turn all the same", async () => {
  vi.stubGlobal("AsyncLocalStorage", AsyncLocalStorage);
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  const { currentTask, taskGroup } = await freshCopy();
  const trace: (string | undefined)[] = [];
  await taskGroup(
    (group) => {
      for (const name of ["a", "b", "c"])
        group.createTask(() => trace.push(currentTask()?.name), { name });
    },
    { concurrency: 1 },
  );
  expect(trace).toEqual(["a", "b", "c"]);
});

test("3.8: a module node:events without setMaxListeners is none", async () => {
  const builtin = process.getBuiltinModule.bind(process);
  vi.spyOn(process, "getBuiltinModule").mockImplementation((name: string) =>
    name === "node:events" ? {} : builtin(name),
  );
  const { timeout } = await freshCopy();
  expect(await timeout(1000, ({ signal }) => signal.aborted)).toBe(false);
});

test("4.2: without setImmediate each turn is marked by a message of its own, again and again", async () => {
  vi.stubGlobal("setImmediate", undefined);
  const { sleep } = await freshCopy();
  const trace: number[] = [];
  for (let i = 0; i < 3; i++) {
    await Promise.all([sleep(0), sleep(0)]);
    await sleep(0);
    trace.push(i);
  }
  expect(trace).toEqual([0, 1, 2]);
});

test("2: a process that is stopped exits when its output is out, and not before", async () => {
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  let written!: () => void;
  const write = vi
    .spyOn(process.stdout, "write")
    .mockImplementation((_text: unknown, done: unknown) => {
      written = done as () => void;
      return true;
    });
  const { run, sleep } = await freshCopy();
  const running = run(() => sleep(Infinity)).catch(() => "stopped");
  await turn();
  process.emit("SIGTERM");
  await turn();
  const before = [write.mock.calls.map(([text]) => text), exit.mock.calls.length];
  written();
  await running;
  const after = exit.mock.calls;
  vi.restoreAllMocks();
  expect(before, "nothing is added to the output").toEqual([[""], 0]);
  expect(after).toEqual([[143]]);
});

test("2: where the process cannot exit, what was stopped only ends", async () => {
  const exit = Object.getOwnPropertyDescriptor(process, "exit")!;
  Object.defineProperty(process, "exit", { ...exit, value: undefined });
  try {
    const { run, sleep } = await freshCopy();
    const running = run(() => sleep(Infinity)).catch((error: unknown) => error);
    await turn();
    process.emit("SIGTERM");
    expect(await running).toMatchObject({ source: "shutdown", cause: "SIGTERM" });
  } finally {
    Object.defineProperty(process, "exit", exit);
  }
});

test("3.8: the listener on an outer signal is really off when the scope is over", async () => {
  const { signal } = new AbortController();
  const { sleep, timeout } = await freshCopy();
  let during: number | undefined;
  await timeout(
    1000,
    async () => {
      during = getEventListeners(signal, "abort").length;
      await sleep(0, { signal });
    },
    { signal },
  );
  expect([during, getEventListeners(signal, "abort").length]).toEqual([1, 0]);
});
