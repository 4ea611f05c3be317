import { expectTime } from "../core/arguments.ts";
import type { LiveScope } from "../core/index.ts";
import { afterRealTime } from "./real-time.ts";
import { treeNow } from "./tree-now.ts";

/**
 * Prints the live tree to standard error if the returned function is not called within `ms` milliseconds of real
 * time: for the hooks of a test runner, so that a test that hangs says by itself where it does.
 *
 * Take less time than the runner gives a test. Throws `TypeError` (`JOINERY_INVALID_TIME`) if `ms` is no number.
 *
 * @example
 * ```ts
 * import { sleep } from "joinery";
 * import { printTreeWhenStuck } from "joinery/testing";
 *
 * // Vitest calls what a `beforeEach` returns after the test: beforeEach(() => printTreeWhenStuck(4000));
 * const stop = printTreeWhenStuck(4000);
 * await sleep(10); // the test
 * stop();
 * ```
 *
 * Idea: Kotlin's `CoroutinesTimeout`.
 */
export function printTreeWhenStuck(ms: number): () => void {
  expectTime("ms", ms);
  return ms === Infinity ? () => {} : afterRealTime(ms, () => printStuck(`Not over after ${ms} ms`, []));
}

/** Prints the tree, and which tasks the clock waits for. */
export function printStuck(head: string, busy: readonly LiveScope[]): void {
  const held = busy.map(({ name }) => `task "${name}" runs, or waits for a promise that is not joinery's`);
  // oxlint-disable-next-line no-console -- whoever waits for a test that hangs looks at its output
  console.error([`${head}:`, ...held, treeNow()].join("\n"));
}
