import { describe, expect, test, vi } from "vitest";
import { run, sleep } from "joinery";
import { printTreeOnSignal } from "joinery/observe";
import { nameRuntime, onSignal } from "../../src/observe/host.ts";

/** Lets the process hear of a signal, as the system does. */
async function signalled(): Promise<void> {
  process.kill(process.pid, "SIGUSR2");
  await sleep(20);
}

const keepAlive = (): void => {};

async function worker(): Promise<void> {
  await signalled();
}

describe("SIGUSR2", () => {
  test("5: prints the tree with the lines that wait, until it is stopped", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    process.on("SIGUSR2", keepAlive); // without a listener the signal ends the process
    const stop = printTreeOnSignal({ lines: 50 });
    await run(worker, { name: "main", handleSignals: false });
    stop();
    await run(worker, { name: "main", handleSignals: false });
    process.off("SIGUSR2", keepAlive);
    const texts = printed.mock.calls.map(([text]) => String(text));
    printed.mockRestore();
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(
      /^process\n└─ run-\d+\n {3}└─ main {2}waits for sleep .* at .*print-tree\.test\.ts/,
    );
    expect(process.listenerCount("SIGUSR2")).toBe(0);
  });

  test("5: with bad options is an error at the call", () => {
    const wanted = expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }) as Error;
    expect(() => printTreeOnSignal({ width: NaN })).toThrow(wanted);
    expect(() => printTreeOnSignal(null as unknown as object)).toThrow(wanted);
    expect(process.listenerCount("SIGUSR2")).toBe(0);
  });
});

describe("the process", () => {
  test("5: has no listener for a signal that it does not know", () => {
    const platform = vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    const stop = onSignal("SIGUSR2", () => {});
    platform.mockRestore();
    expect(process.listenerCount("SIGUSR2")).toBe(0);
    stop();
  });

  test.each([
    [{ node: "20.19.0" }, "node 20.19.0"],
    [{ node: "24.0.0", bun: "1.3.0" }, "bun 1.3.0"],
    [{ node: "24.0.0", deno: "2.5.0" }, "deno 2.5.0"],
    [undefined, "a page"],
  ])("5: is named after its runtime: %o", (versions, name) => {
    expect(nameRuntime(versions)).toBe(name);
  });
});
