/**
 * A task costs what `bench/baseline.json` says, and among many no more than among few. Bytes and counts,
 * which hardly vary; no times. `npm run bench -- --baseline` writes new ones.
 */

import { beforeAll, describe, expect, test } from "vitest";
import { type Counts, measureCounts } from "../../bench/baseline.ts";
import baselines from "../../bench/baseline.json" with { type: "json" };
import { root } from "../support/repository.ts";

const onNode = !("Bun" in globalThis) && !("Deno" in globalThis);
const thisNode = `Node ${process.versions.node.split(".")[0]}`;
const baseline = onNode ? (baselines as Record<string, Counts>)[thisNode] : undefined;
const patience = 60_000;

describe.skipIf(baseline === undefined)(`for one task, on ${thisNode}`, () => {
  let counts: Counts = {};
  beforeAll(async () => {
    counts = await measureCounts(process.execPath, root);
  }, patience);

  test.each(Object.entries(baseline ?? {}))("%s: %d", (what, before) => {
    expect(counts[what], `more ${what} than before`).toBeLessThanOrEqual(before * 1.03);
    expect(
      counts[what],
      "far less than before: write it down with npm run bench -- --baseline",
    ).toBeGreaterThanOrEqual(before * 0.9);
  });

  test.each([
    ["bytes allocated", 100_000, 1000],
    ["blocks executed to create and join", 20_000, 1000],
    ["blocks executed to cancel a sleeper", 20_000, 1000],
  ])("%s: no more of %d tasks than of %d", (what, many, few) => {
    const count = (n: number): number => counts[`${what}, of ${n}`] ?? NaN;
    expect(count(many)).toBeGreaterThan(0);
    expect(count(many)).toBeLessThanOrEqual(count(few) * 1.03);
  });
});
