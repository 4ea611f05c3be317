import { execFile, spawn } from "node:child_process";
import { EventEmitter, on, once } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { readFile, watch, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { scheduler, setInterval, setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { isCancelled } from "joinery";
import { afterAll, describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import {
  begunTooLate,
  cancelledQuietly,
  type ForeignWork,
  stoppedWhileBusy,
} from "./fixtures/stopped-by-sibling.ts";

const folder = mkdtempSync(join(tmpdir(), "foreign-"));
const large = join(folder, "large");
writeFileSync(large, "");
truncateSync(large, 8_000_000);

afterAll(() => rmSync(folder, { recursive: true }));

const longTime = 1_000_000;
/** A program that runs until it is stopped. */
const endless = ["-e", "process.stdout.write('up'); setInterval(() => {}, 1e6)"];

/** Not a large text: Bun may have written that before anybody aborts. */
async function* endlessParts(): AsyncGenerator<string> {
  for (;;) {
    yield "part";
    await turn();
  }
}

const works: Record<string, ForeignWork> = {
  "timers/promises setTimeout": (signal, busy) =>
    begun(busy, delay(longTime, undefined, { signal })),
  "timers/promises setInterval": (signal, busy) =>
    begun(busy, exhaust(setInterval(longTime, undefined, { signal }))),
  "scheduler.wait": (signal, busy) => begun(busy, scheduler.wait(longTime, { signal })),
  "events.once": (signal, busy) => begun(busy, once(new EventEmitter(), "never", { signal })),
  "events.once of an EventTarget": (signal, busy) =>
    begun(busy, once(new EventTarget(), "never", { signal })),
  "events.on": (signal, busy) => begun(busy, exhaust(on(new EventEmitter(), "never", { signal }))),
  "child_process.spawn": (signal, busy) => {
    const child = spawn(process.execPath, endless, { signal });
    child.stdout.once("data", busy);
    return once(child, "close");
  },
  "child_process.execFile": (signal, busy) => {
    const result = promisify(execFile)(process.execPath, endless, { signal });
    result.child.stdout?.once("data", busy);
    return result;
  },
  "fs.promises.readFile": (signal, busy) => begun(busy, readFile(large, { signal })),
  "fs.promises.writeFile": (signal, busy) =>
    begun(busy, writeFile(join(folder, "written"), endlessParts(), { signal })),
  "fs.promises.watch": (signal, busy) => begun(busy, exhaust(watch(folder, { signal }))),
  "readline question": (signal, busy) => {
    const readline = createInterface({ input: new PassThrough(), output: new PassThrough() });
    return begun(busy, readline.question("?", { signal })).finally(() => readline.close());
  },
  "signal.throwIfAborted": async (signal, busy) => {
    if (!signal.aborted)
      await begun(busy, new Promise((aborted) => signal.addEventListener("abort", aborted)));
    signal.throwIfAborted();
  },
  "a signal made with AbortSignal.any": (signal, busy) =>
    begun(
      busy,
      delay(longTime, undefined, {
        signal: AbortSignal.any([signal, new AbortController().signal]),
      }),
    ),
};

/** Says that the work, which has been started, is busy. */
function begun<T>(busy: () => void, work: Promise<T>): Promise<T> {
  busy();
  return work;
}

async function exhaust(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

describe.each(Object.entries(works))("%s", (_, work) => {
  test("3.4: a child that waits in it when a sibling fails counts as cancelled", async () => {
    const stopped = await stoppedWhileBusy(work);
    expect(stopped).toMatchObject(cancelledQuietly);
    expect(isCancelled(stopped.outcome)).toBe(true);
  });

  test("3.4: a child that comes to it after its cancellation counts as cancelled", async () => {
    const stopped = await begunTooLate(work);
    expect(stopped).toMatchObject(cancelledQuietly);
    expect(isCancelled(stopped.outcome)).toBe(true);
  });
});

test("3.4: a program that was spawned with the signal of its task is ended by the cancel", async () => {
  let exited: Promise<unknown[]> | undefined;
  const stopped = await stoppedWhileBusy((signal, busy) => {
    const child = spawn(process.execPath, endless, { signal });
    exited = new Promise((resolve) => child.once("exit", (...how: unknown[]) => resolve(how)));
    child.stdout.once("data", busy);
    return once(child, "close");
  });
  expect(stopped).toMatchObject(cancelledQuietly);
  expect(await exited).toEqual([null, "SIGTERM"]);
});

test("1: a child whose foreign code ends quietly at the abort keeps its value", async () => {
  const stopped = await stoppedWhileBusy(async (signal, busy) => {
    const readline = createInterface({ input: new PassThrough(), signal });
    await begun(busy, exhaust(readline));
    return "no more lines";
  });
  expect(stopped).toMatchObject({
    state: "done",
    outcome: "no more lines",
    cancellation: undefined,
  });
});
