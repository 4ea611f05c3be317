/** Registers the conformance suite of executors with this test runner. */

import { executorConformance, type ExecutorHarness } from "joinery/testing";
import { expect, test } from "vitest";

/** Milliseconds for a case. A server on a busy machine takes its time for 5,000 children. */
const patience = 240_000;

/**
 * A test for each promise of the contract that applies; `wrap` runs it. Returns the others with the reason, for a test
 * that lists them.
 */
export function testConformance(
  harness: ExecutorHarness,
  wrap: (run: () => Promise<void>) => Promise<void> = (run) => run(),
): string[] {
  const cases = executorConformance(harness);
  const applicable = cases.filter(({ notApplicable }) => notApplicable === undefined);
  test.for(applicable)("$name", { timeout: patience }, async ({ run }) => {
    await expect(wrap(run)).resolves.toBeUndefined();
  });
  const others = cases.filter((one) => !applicable.includes(one));
  return others.map(({ name, notApplicable }) => `${name}: ${notApplicable}`);
}
