/** What the core does where the platform is another one: each test loads a copy of its own. */

import { AsyncLocalStorage } from "node:async_hooks";
import type * as joinery from "joinery";
import { afterEach, describe, expect, test, vi } from "vitest";
import { turn } from "../support/turn.ts";

type Joinery = typeof joinery;

async function freshCopy(): Promise<Joinery> {
  vi.resetModules();
  return import("joinery");
}

/** Takes parts of `process` away, or puts others there, until the test is over. */
function patchProcess(parts: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(parts)) {
    const original = Object.getOwnPropertyDescriptor(process, name);
    Object.defineProperty(process, name, { value, configurable: true, writable: true });
    restore.push(() => {
      if (original) Object.defineProperty(process, name, original);
      else delete (process as unknown as Record<string, unknown>)[name];
    });
  }
}

const restore: (() => void)[] = [];

afterEach(() => {
  for (const undo of restore.splice(0)) undo();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("turns of the event loop", () => {
  test("4.2: without setImmediate a message marks the next turn, in order", async () => {
    vi.stubGlobal("setImmediate", undefined);
    const { sleep, taskGroup } = await freshCopy();
    const trace: string[] = [];
    const errors = await taskGroup(async (group) => {
      group.createTask(() => sleep(0).then(() => void trace.push("first")));
      group.createTask(() => sleep(0).then(() => void trace.push("second")));
      group.createTask(() => sleep(0).then(() => Promise.reject(new Error("a"))));
      group.createTask(() => sleep(0).then(() => Promise.reject(new Error("b"))));
    }).catch((error: Error & { errors: Error[] }) => error.errors.map(({ message }) => message));
    expect(trace).toEqual(["first", "second"]);
    expect(errors).toEqual(["a", "b"]);
  });
});

describe("the ambient scope", () => {
  test("3: is kept in the AsyncLocalStorage that an edge runtime has as a global", async () => {
    vi.stubGlobal("AsyncLocalStorage", AsyncLocalStorage);
    const { currentTask, taskGroup } = await freshCopy();
    let name: string | undefined;
    await taskGroup((group) => {
      group.createTask(() => void (name = currentTask()?.name), { name: "edge" });
    });
    expect(name).toBe("edge");
  });
});

describe("warnings", () => {
  test("3: go to the console where the process has none", async () => {
    const said = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { abandonable, moveOnAfter } = await freshCopy();
    let fail!: (error: Error) => void;
    const slow = new Promise<never>((_, reject) => (fail = reject));
    await moveOnAfter(0, () => abandonable(slow, { label: "slow one" }));
    patchProcess({ emitWarning: undefined });
    fail(new Error("late"));
    await turn();
    expect(said.mock.calls).toEqual([
      ["[JOINERY_GHOST_ERROR] slow one, which was left behind, failed: Error: late"],
    ]);
  });
});

const emit = (signal: "SIGINT" | "SIGTERM"): boolean => process.emit(signal);

describe("signals of the process", () => {
  test("2: the first cancels main and waits, then the process exits with 143", async () => {
    const exits: number[] = [];
    patchProcess({ exit: (code: number) => exits.push(code) });
    const { run, sleep } = await freshCopy();
    const trace: string[] = [];
    const running = run(async () => {
      try {
        await sleep(Infinity);
      } finally {
        trace.push(`clean, exits: ${exits.length}`);
      }
    });
    await turn();
    emit("SIGTERM");
    await expect(running).rejects.toMatchObject({ source: "shutdown", cause: "SIGTERM" });
    expect([trace, exits]).toEqual([["clean, exits: 0"], [143]]);
  });

  test("2: a second one ends the process at once", async () => {
    const exits: number[] = [];
    patchProcess({ exit: (code: number) => exits.push(code), stdout: undefined });
    const { run, shield, sleep } = await freshCopy();
    let finish!: () => void;
    const running = run(async () => {
      await sleep(Infinity).catch(() => {});
      await shield(() => new Promise<void>((resolve) => (finish = resolve)), { within: Infinity });
      await sleep(1);
    });
    await turn();
    emit("SIGINT");
    await turn();
    expect(exits).toEqual([]);
    emit("SIGINT");
    expect(exits).toEqual([130]);
    finish();
    await expect(running).rejects.toMatchObject({ source: "shutdown" });
    expect(exits).toEqual([130, 130]);
  });

  test("2: of two runs the one that is stopped first waits for the other", async () => {
    const exits: number[] = [];
    patchProcess({ exit: (code: number) => exits.push(code) });
    const { run, sleep } = await freshCopy();
    const trace: string[] = [];
    let finish!: () => void;
    void run(() => sleep(Infinity)).finally(() => trace.push("never"));
    const second = run(async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return "kept its value";
    });
    await turn();
    emit("SIGTERM");
    await turn(5);
    expect([trace, exits]).toEqual([[], []]);
    finish();
    expect(await second).toBe("kept its value");
    expect([trace, exits]).toEqual([[], [143]]);
  });

  test("2: one that comes when main is over lets the rest end, and ends the process", async () => {
    const exits: number[] = [];
    patchProcess({ exit: (code: number) => exits.push(code) });
    const { createTask, run, sleep } = await freshCopy();
    let finish!: () => void;
    const running = run(() => {
      createTask(async () => {
        await sleep(Infinity).catch(() => {});
        await new Promise<void>((resolve) => (finish = resolve));
      });
    });
    await turn(3);
    emit("SIGINT");
    finish();
    await running;
    expect(exits).toEqual([130]);
  });

  test("2: where the process has no signals and no exit, run is a run", async () => {
    const { run } = await freshCopy();
    patchProcess({ on: undefined, off: undefined });
    expect(await run(() => 1)).toBe(1);
  });
});
