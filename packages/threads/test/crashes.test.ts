/** A thread that ends while it has a call. */

import { LostError, type RemoteFunction } from "joinery/executor";
import { describe, expect, test } from "vitest";
import { fixture, openThreads, where } from "./support.ts";

const exits = fixture<void, void>("exits");
const crashes = fixture<void, void>("crashes");
const crashesWithMuch = fixture<void, void>("crashesWithMuch");
const allocates = fixture<void, void>("allocates");
/** Threads take their time to start on a busy machine, and here they end again and again. */
const timeout = 30_000;

const resourceLimits = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 };

describe("loses its call, and the others go on", { timeout }, () => {
  test.each<[string, RemoteFunction<void, void>, string]>([
    ["by process.exit", exits, "worker exited with code: 3"],
    ["by an error that nobody caught", crashes, "nobody catches this"],
    ["by one that holds more than can be told", crashesWithMuch, "nobody catches this either"],
    ["by taking too much memory", allocates, "memory limit"],
  ])("%s", async (_, fn, message) => {
    await using executor = openThreads({ threads: 2, resourceLimits });
    const error = (await executor.call(fn).catch((reason: unknown) => reason)) as LostError;
    expect(error).toBeInstanceOf(LostError);
    expect(error.lost).toBe("worker");
    expect(error.message).toContain(message);
    expect(await executor.call(where)).toBeGreaterThan(0);
  });

  test("again and again", async () => {
    await using executor = openThreads();
    for (let death = 0; death < 5; death++)
      await expect(executor.call(exits)).rejects.toBeInstanceOf(LostError);
    expect(await executor.call(where)).toBeGreaterThan(0);
  });
});

describe("an idempotent call", { timeout }, () => {
  const diesOften = fixture<{ deaths: number }, number>("diesOften");
  const again = { ...diesOften, idempotent: true } as typeof diesOften;

  test("is run again, in another thread", async () => {
    await using executor = openThreads();
    expect(await executor.call(again, { deaths: 2 })).toBe(3);
  });

  test("is lost when it has ended three threads", async () => {
    await using executor = openThreads();
    await expect(executor.call(again, { deaths: 3 })).rejects.toBeInstanceOf(LostError);
  });
});
