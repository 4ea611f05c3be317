import { expectTime } from "../core/arguments.ts";
import { snapshot, treeText } from "../observe/index.ts";
import { afterRealTime } from "./real-time.ts";

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
 * // Vitest calls after a test what a hook returns before it: beforeEach(() => printTreeWhenStuck(4000));
 * const stop = printTreeWhenStuck(4000);
 * await sleep(10); // the test
 * stop();
 * ```
 *
 * Idea: Kotlin's `CoroutinesTimeout`.
 */
export function printTreeWhenStuck(ms: number): () => void {
  expectTime("ms", ms);
  if (ms === Infinity) return () => {};
  return afterRealTime(ms, () => printTree(`Not over after ${ms} ms`));
}

/** Prints the live tree under `head`, for whoever waits for a test that hangs. */
export function printTree(head: string): void {
  // oxlint-disable-next-line no-console -- there is nobody to throw at
  console.error(`${head}:\n${treeText(snapshot())}`);
}
