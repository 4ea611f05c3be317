import { type Clock, run, type RunOptions, sleep } from "joinery";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime, VirtualClock } from "../support/virtual-clock.ts";
import { caught } from "./fixtures/story.ts";

/** What is said about a main that takes 300 ms to react to its cancellation. */
async function resisting(grace: number): Promise<string[]> {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const main = (): Promise<void> => {
    controller.abort();
    return new Promise((done) => void clock.setTimeout(done, 300));
  };
  await inPassingTime(main, { clock, signal: controller.signal, grace });
  return takeWarnings();
}

describe("its options", () => {
  test.each<[string, RunOptions, string]>([
    ["clock without methods", { clock: {} as Clock }, "JOINERY_INVALID_ARGUMENT"],
    ["clock of null", { clock: null as never }, "JOINERY_INVALID_ARGUMENT"],
    ["clock with a part", { clock: { now: () => 0 } as Clock }, "JOINERY_INVALID_ARGUMENT"],
    ["grace of NaN", { grace: NaN }, "JOINERY_INVALID_TIME"],
    ["signal that is none", { signal: {} as AbortSignal }, "JOINERY_INVALID_ARGUMENT"],
  ])("2: a bad one is refused before anything starts: %s", async (_, options, code) => {
    const trace: string[] = [];
    const error = await caught(run(() => trace.push("started"), options));
    expect(error).toMatchObject({ name: "TypeError", code });
    await turn();
    expect(trace).toEqual([]);
  });

  test("2: main has to be a function", async () => {
    expect(await caught(run("main" as never))).toMatchObject({ code: "JOINERY_EXPECTED_FUNCTION" });
    expect(await caught(run(Promise.resolve() as never))).toMatchObject({
      code: "JOINERY_STARTED_PROMISE",
    });
  });

  test("2: a clock counts for everything inside, also for a run in it", async () => {
    const trace: number[] = [];
    const clock = new VirtualClock();
    await inPassingTime(
      async () => {
        await sleep(5000);
        trace.push(clock.now());
        await run(() => sleep(5000));
        trace.push(clock.now());
        await run(() => sleep(5000), { clock: new VirtualClock() });
        trace.push(clock.now());
      },
      { clock },
    );
    expect(trace).toEqual([5000, 10_000, 10_000]);
  });

  test("3.5: grace is how long a main may resist before it is named", async () => {
    expect(await resisting(400)).toEqual([]);
    expect(await resisting(200)).toEqual([
      expect.stringMatching(/^JOINERY_RESISTS_CANCEL: .* 200 ms after the cancellation /),
    ]);
  });
});

test("2: twenty runs at once listen to the process once, and leave no listener", async () => {
  const before = process.listenerCount("SIGINT");
  const counts = await Promise.all(
    Array.from({ length: 20 }, () =>
      run(async () => {
        await turn();
        return process.listenerCount("SIGINT") - before;
      }),
    ),
  );
  expect(new Set(counts)).toEqual(new Set([1]));
  expect(process.listenerCount("SIGINT")).toBe(before);
  expect(await takeWarnings()).toEqual([]);
});

test("2: with handleSignals: false it does not listen to the process", async () => {
  const before = process.listenerCount("SIGTERM");
  const listeners = (): number => process.listenerCount("SIGTERM") - before;
  const counts = await run(async () => [listeners(), await run(listeners), listeners()], {
    handleSignals: false,
  });
  expect(counts, "a run inside of it does").toEqual([0, 1, 0]);
});
