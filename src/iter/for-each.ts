import type { IterationOptions } from "./iteration.ts";
import { iterate, type MapContext } from "./map.ts";
import type { Source, SourceItem } from "./source.ts";

export interface ForEachOptions extends IterationOptions {
  /** How many items are worked on at once. There is no default: `Infinity` has to be written out. */
  concurrency: number;
}

/**
 * Calls `fn` for every item of `source`, for up to `concurrency` of them at once.
 *
 * Resolves when all are done. Rejects as a loop over `map` does: the first error of a call or of the source cancels
 * the calls in flight; when they are over and the source is closed, with the {@link ExceptionGroup} of all errors.
 *
 * Rejects with `TypeError` or `RangeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_EXPECTED_FUNCTION`,
 * `JOINERY_INVALID_CONCURRENCY`) on a bad argument.
 *
 * *Cancellation*: cancels the calls in flight and interrupts the source, waits for them, and rejects with the `CancelledError`.
 *
 * @example
 * ```ts
 * import { forEach } from "joinery/iter";
 *
 * const seen: string[] = [];
 * await forEach(["a", "b", "c"], async (letter, { index }) => {
 *   seen.push(`${index}${letter}`);
 * }, { concurrency: 2 });
 * console.log(seen.join(" ")); // 0a 1b 2c
 * ```
 *
 * Idea: Rust's `for_each_concurrent`.
 */
export async function forEach<S extends Source<unknown>>(
  source: S,
  fn: (item: SourceItem<S>, context: MapContext) => unknown,
  options: ForEachOptions,
): Promise<void> {
  const items = source as Source<SourceItem<S>>;
  const calls = iterate("forEach()", items, fn, { ...options, ordered: false });
  while (!(await calls.next()).done);
}
