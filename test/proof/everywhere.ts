/** Every scenario again, with a cancellation at each of its checkpoints, in each mode. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { keepWarnings } from "./announcements.ts";
import { faultsOf } from "./audit.ts";
import type { Entry } from "./catalogue.ts";
import { type Mode, modes } from "./modes.ts";
import type { Moments } from "./moments.ts";
import { play } from "./play.ts";

/** Some hundred runs on a slow machine. */
const longest = 60_000;

export interface Counts {
  scenarios: number;
  checkpoints: number;
  runs: number;
}

/** Tests `entries` one by one, then that there were as many scenarios, checkpoints and runs as there should be. */
export function testEverywhere(topic: string, entries: readonly Entry[], atLeast: Counts): void {
  const counts: Counts = { scenarios: 0, checkpoints: 0, runs: 0 };
  describe(`1, 2, 3, 4: ${topic}, cancelled anywhere, in any way`, () => {
    let printWarnings: () => void;
    beforeAll(() => void (printWarnings = keepWarnings()));
    afterAll(() => printWarnings());

    test.each(entries)(
      "$name",
      async (entry) => {
        counts.scenarios++;
        const faults: string[] = [];
        for (const mode of modes)
          faults.push(...(await withoutStacks(() => faultsEverywhere(entry, mode, counts))));
        await takeUnhandledRejections(); // those of errors without an owner, which the audit has seen
        expect(faults).toEqual([]);
      },
      longest,
    );

    test("no scenario, checkpoint or run was left out", () => {
      console.log(
        `${counts.scenarios} scenarios, ${counts.checkpoints} checkpoints in ${modes.length} modes, ${counts.runs} runs`,
      );
      expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
      expect(modes).toHaveLength(6);
      for (const count of ["scenarios", "checkpoints", "runs"] as const)
        expect(counts[count], count).toBeGreaterThanOrEqual(atLeast[count]);
    });
  });
}

/** Tens of thousands of stacks that nobody reads would take a third of the time. */
async function withoutStacks<T>(body: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await body();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The faults of all runs of one scenario in one mode. */
async function faultsEverywhere(entry: Entry, mode: Mode, counts: Counts): Promise<string[]> {
  const { scenario, leaving } = entry;
  const undisturbed = await play(scenario, mode, Infinity);
  const faults = faultsOf(undisturbed, undisturbed, mode, leaving);
  const points = pointsOf(undisturbed.moments, mode);
  for (const at of points) {
    const run = await play(scenario, mode, at);
    const found = faultsOf(run, undisturbed, mode, leaving);
    faults.push(...found.map((fault) => `${mode.name}, at ${at}: ${fault}`));
  }
  counts.checkpoints += points.length;
  counts.runs += points.length + 1;
  return faults;
}

function pointsOf({ count, checkpoints, completions }: Moments, mode: Mode): readonly number[] {
  if (mode.at === "checkpoints") return checkpoints;
  if (mode.at === "completions") return completions;
  return Array.from({ length: count }, (_, moment) => moment);
}
