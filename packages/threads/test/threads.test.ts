/** What goes to a thread, what comes back, and what is refused. */

import { threads } from "@joinery/threads";
import { all } from "joinery";
import { LostError, remote, type RemoteFunction } from "joinery/executor";
import { describe, expect, test } from "vitest";
import { echo, fixture, openThreads, Watch, type Watched, where } from "./support.ts";

describe("values", () => {
  test("are cloned structurally: shared memory, cycles and all", async () => {
    await using executor = openThreads();
    const circle: { self?: unknown; shared: SharedArrayBuffer } = {
      shared: new SharedArrayBuffer(4),
    };
    circle.self = circle;
    const back = (await executor.call(echo, circle)) as typeof circle;
    expect(back.self).toBe(back);
    new Int32Array(back.shared)[0] = 7;
    expect(new Int32Array(circle.shared)[0]).toBe(7);
  });

  test("are moved there and back, where they are said to be", async () => {
    await using executor = openThreads();
    const bytes = new Uint8Array(1 << 20);
    const back = (await executor.call(echo, bytes, { transfer: [bytes.buffer] })) as Uint8Array;
    expect([bytes.byteLength, back.byteLength]).toEqual([0, 1 << 20]);
    const made = await executor.call(fixture<number, Uint8Array>("givesBytes"), 1 << 20);
    expect([made.byteLength, made.at(-1)]).toEqual([1 << 20, 1]);
  });

  test("that cannot be cloned are an error of the call, and the next one runs", async () => {
    await using executor = openThreads();
    const message = expect.stringMatching(/not be cloned/) as string;
    await expect(executor.call(echo, () => {})).rejects.toMatchObject({
      name: "DataCloneError",
      message,
    });
    const givesFunction = fixture<void, unknown>("givesFunction");
    const error: unknown = await executor.call(givesFunction).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message });
    expect(error).not.toBeInstanceOf(LostError);
    expect(await executor.call(where)).toBeGreaterThan(0);
  });
});

describe("the threads", () => {
  test("run as many calls at once as there are of them", async () => {
    await using executor = openThreads({ threads: 2 });
    expect(executor.concurrency).toBe(2);
    const ids = await all(Array.from({ length: 50 }, () => () => executor.call(where)));
    expect(new Set(ids).size).toBeLessThanOrEqual(2);
  });

  test("are named in the list of calls", async () => {
    await using executor = openThreads({ name: "render farm" });
    const watch = new Watch();
    const stop = new AbortController();
    const { seen } = watch;
    const call = executor.call(
      fixture<Watched, string>("sleeps"),
      { seen },
      { signal: stop.signal },
    );
    const thread = await watch.begun();
    expect(executor.calls[0]).toMatchObject({
      name: `sleeps on render farm (thread ${thread})`,
      place: { worker: `thread ${thread}`, attempt: 1 },
    });
    stop.abort();
    await call.catch(() => {});
  });

  test("have the environment that they are given", async () => {
    await using executor = openThreads({ env: { COLOUR: "blue" } }, "environment");
    expect(await executor.call(fixture<string, string>("variable"), "COLOUR")).toBe("blue");
  });

  test("that were never needed were never started", async () => {
    const executor = openThreads();
    await executor.close();
    await expect(executor.call(echo, 1)).rejects.toMatchObject({ code: "JOINERY_EXECUTOR_CLOSED" });
  });
});

describe("an error of the call is", () => {
  test("a module that cannot be loaded", async () => {
    await using executor = openThreads({}, "missing");
    const code = "ERR_MODULE_NOT_FOUND";
    await expect(executor.call(echo, 1)).rejects.toMatchObject({ code });
    await expect(executor.call(echo, 1)).rejects.toMatchObject({ code });
  });

  test("a thread that cannot be started", async () => {
    await using executor = openThreads({ execArgv: ["--import=./is-not-there.mjs"] });
    const message = expect.stringContaining("No thread could be started") as string;
    await expect(executor.call(echo, 1)).rejects.toMatchObject({ message });
    await expect(executor.call(echo, 1)).rejects.toMatchObject({ message });
  });

  test("a function that the modules do not have", async () => {
    await using executor = openThreads();
    const missing = remote<RemoteFunction<void, void>>("missing");
    await expect(executor.call(missing)).rejects.toMatchObject({ code: "JOINERY_NOT_SERVED" });
  });
});

test.each([
  ["no module", [], "JOINERY_INVALID_ARGUMENT"],
  ["an empty list of modules", [[]], "JOINERY_INVALID_ARGUMENT"],
  ["a module by path", ["./frames.js"], "JOINERY_INVALID_ARGUMENT"],
  ["no options", [new URL("file:///x.js"), null], "JOINERY_INVALID_ARGUMENT"],
  ["a name that is no text", [new URL("file:///x.js"), { name: 7 }], "JOINERY_INVALID_ARGUMENT"],
  ["no thread", [new URL("file:///x.js"), { threads: 0 }], "JOINERY_INVALID_CONCURRENCY"],
  ["half a thread", [new URL("file:///x.js"), { threads: 1.5 }], "JOINERY_INVALID_CONCURRENCY"],
  ["a grace that is no time", [new URL("file:///x.js"), { grace: NaN }], "JOINERY_INVALID_TIME"],
])("%s is an error at the door", (_, args, code) => {
  const open = threads as (...args: unknown[]) => unknown;
  expect(() => open(...args)).toThrow(expect.objectContaining({ code }));
});
