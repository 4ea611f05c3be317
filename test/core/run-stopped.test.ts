/** What a signal of the process does to runs in runs and beside runs: each test loads a copy of its own. */

import type * as joinery from "joinery";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { turn } from "../support/turn.ts";

let copy: typeof joinery;
let exits: unknown[];

beforeEach(async () => {
  vi.resetModules();
  copy = await import("joinery");
  exits = [];
  vi.spyOn(process, "exit").mockImplementation(((code: unknown) => exits.push(code)) as never);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const caught = (error: unknown): unknown => error;

/** A promise, and what resolves it. */
function door(): { open: () => void; opened: Promise<void> } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe("a run in a run", () => {
  test("2: does not hear of the signal behind a shield: the outer one listens for it", async () => {
    const { run, shield, sleep } = copy;
    const { open, opened } = door();
    const trace: string[] = [];
    const inner = async (): Promise<void> => {
      await opened;
      await sleep(0);
      trace.push("the inner one was left alone");
    };
    const outer = run(async () => {
      await shield(() => run(inner), { within: Infinity });
      await sleep(0);
    }).catch(caught);
    await turn();
    process.emit("SIGTERM");
    open();
    expect(await outer).toMatchObject({ source: "shutdown", cause: "SIGTERM" });
    expect(trace).toEqual(["the inner one was left alone"]);
    expect(exits).toEqual([143]);
  });

  test("2: listens itself where the outer one does not", async () => {
    const { run, sleep } = copy;
    const outer = run(() => run(() => sleep(Infinity)).catch(caught), { handleSignals: false });
    await turn();
    process.emit("SIGTERM");
    expect(await outer).toMatchObject({ source: "shutdown", cause: "SIGTERM" });
    expect(exits).toEqual([143]);
  });
});

describe("the process goes on", () => {
  test("2: where it does not exit, and the next run has nothing to do with the signal", async () => {
    const { run, sleep } = copy;
    const stopped = run(() => sleep(Infinity)).catch(caught);
    await turn();
    process.emit("SIGTERM");
    expect(await stopped).toMatchObject({ source: "shutdown", cause: "SIGTERM" });
    expect(await run(() => "the next one")).toBe("the next one");
    expect(exits).toEqual([143]);
  });

  test("2: when main returns in spite of the signal", async () => {
    const { run, sleep } = copy;
    const main = run(() => sleep(Infinity).catch(() => "kept its value"));
    await turn();
    process.emit("SIGINT");
    expect(await main).toBe("kept its value");
    expect(exits).toEqual([]);
  });

  test("2: when a run is cancelled by its own signal, which waits for no other run", async () => {
    const { run, sleep } = copy;
    const { open, opened } = door();
    const controller = new AbortController();
    const other = run(() => opened);
    const cancelled = run(() => sleep(Infinity), { signal: controller.signal }).catch(caught);
    await turn();
    controller.abort("enough");
    expect(await cancelled).toMatchObject({ source: "signal", cause: "enough" });
    open();
    await other;
    expect(exits).toEqual([]);
  });
});
