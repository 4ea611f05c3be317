import { describe, expect, test } from "vitest";
import { type Ended, Program } from "./fixtures/program.ts";

/** Starts one of the programs around `run`, and sends it a signal when it is ready. */
async function terminated(program: string, signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
  const running = new Program("run-program.mjs", program);
  await running.printed("ready");
  running.kill(signal);
  return running.ended;
}

describe("2: run ends the process as a shell expects it", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("2: after %s with %d, when the cleanup is over", async (signal, code) => {
    expect(await terminated("cleanup", signal)).toEqual({
      code,
      signal: null,
      lines: ["ready", `main is stopped: shutdown, ${signal}`, "main is clean"],
      stderr: "",
    });
  });

  test("2: when all tasks of a group have cleaned up", async () => {
    const { code, lines } = await terminated("group");
    expect(code).toBe(143);
    expect(lines).toEqual([
      "ready",
      "A is stopped: shutdown, SIGTERM",
      "B is stopped: shutdown, SIGTERM",
      "A is clean",
      "B is clean",
    ]);
  });

  test("2: when everything that was written has reached the reader of a pipe", async () => {
    const { code, lines } = await terminated("output");
    expect(code).toBe(143);
    expect(lines).toHaveLength(20_004);
    expect(lines.slice(-2).map((line) => line.trim())).toEqual(["19999", "the end"]);
  });

  test("2: also when nobody reads its output any more", async () => {
    expect(await terminated("closedOutput")).toMatchObject({
      code: 143,
      signal: null,
      stderr: "clean\n",
    });
  });

  test("2: when the background tasks that are left have been cancelled and are over", async () => {
    const { code, lines } = await terminated("leftovers");
    expect(code).toBe(143);
    expect(lines).toEqual([
      "ready",
      "main is stopped: shutdown, SIGTERM",
      "main is clean",
      "the background is stopped: shutdown, undefined",
      "the background is clean",
    ]);
  });

  test("2: also when main is over, and the signal comes while the background tasks end", async () => {
    const { code, lines } = await terminated("lateSignal", "SIGINT");
    expect(lines).toEqual(["ready", "the background is clean"]);
    expect(code).toBe(130);
  });
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("2: a second signal, %s, ends the process at once with %d", async (signal, code) => {
  const running = new Program("run-program.mjs", "stubborn");
  await running.printed("ready");
  running.kill("SIGTERM");
  await running.printed("waits for ever");
  running.kill(signal);
  expect(await running.ended).toEqual({
    code,
    signal: null,
    lines: ["ready", "main is stopped: shutdown, SIGTERM", "main is clean", "waits for ever"],
    stderr: "",
  });
});

describe("2: the process goes on", () => {
  test("2: after a main that swallows the signal, which keeps its value", async () => {
    expect(await terminated("swallows")).toEqual({
      code: 0,
      signal: null,
      lines: ["ready", "main is stopped: shutdown, SIGTERM", "main is clean", "a value", "goes on"],
      stderr: "",
    });
  });

  test("2: after a main that fails, with its error", async () => {
    const { code, lines } = await terminated("fails");
    expect(code).toBe(0);
    expect(lines).toEqual([
      "ready",
      "main is stopped: shutdown, SIGTERM",
      "main is clean",
      "could not save",
    ]);
  });

  test("2: and the next run listens anew", async () => {
    const running = new Program("run-program.mjs", "again");
    for (const name of ["the first", "the second"]) {
      await running.printed(`ready for ${name}`);
      running.kill("SIGINT");
    }
    const { code, lines } = await running.ended;
    expect(code).toBe(0);
    expect(lines).toEqual([
      "ready for the first",
      "the first is stopped: shutdown, SIGINT",
      "the first is clean",
      "ready for the second",
      "the second is stopped: shutdown, SIGINT",
      "the second is clean",
      "0",
    ]);
  });
});

describe("2: with several runs", () => {
  test("2: a run in a run ends first, and the process once", async () => {
    const { code, lines } = await terminated("nested", "SIGINT");
    expect(code).toBe(130);
    expect(lines).toEqual([
      "ready",
      "the inner is stopped: shutdown, SIGINT",
      "the inner is clean",
      "the outer is clean",
    ]);
  });

  test("2: a run that listens is stopped, also in one that does not", async () => {
    const { code, lines } = await terminated("nestedInOneThatDoesNotListen");
    expect(lines).toEqual([
      "ready",
      "the inner is stopped: shutdown, SIGTERM",
      "the inner is clean",
    ]);
    expect(code).toBe(143);
  });

  test("2: two runs at the same time are both over before the process ends", async () => {
    const { code, lines } = await terminated("together");
    expect(code).toBe(143);
    expect(lines).toEqual([
      "ready",
      "quick is stopped: shutdown, SIGTERM",
      "slow is stopped: shutdown, SIGTERM",
      "quick is clean",
      "slow is clean",
    ]);
  });

  test("2: of two runs, one that was stopped ends the process, whichever is over first", async () => {
    const { code, lines } = await terminated("togetherAndOneSwallows");
    expect(lines.slice(-2)).toEqual(["the first is clean", "the second is clean"]);
    expect(code).toBe(143);
  });

  test("3.7: a run that cleanup opens behind a shield is not reached by the signal before", async () => {
    const { code, lines } = await terminated("shieldedRun");
    expect(lines.slice(-2)).toEqual(["saving", "saved"]);
    expect(code).toBe(143);
  });

  test("3.7: a run that is open behind a shield is not reached by the signal", async () => {
    const { code, lines } = await terminated("shieldedFromBefore");
    expect(lines).toEqual(["ready", "saved"]);
    expect(code).toBe(143);
  });
});

test("2: with handleSignals: false the signal does what it does without run", async () => {
  expect(await terminated("unhandled")).toEqual({
    code: null,
    signal: "SIGTERM",
    lines: ["ready"],
    stderr: "",
  });
});
