import { taskGroup } from "../core/index.ts";
import { expectLimit, feed } from "./feed.ts";
import { type Iteration, type IterationOptions, LoopIteration } from "./iteration.ts";
import { Lane } from "./outlet.ts";
import { expectSource, type Source, type SourceItem } from "./source.ts";

/**
 * Pulls up to `size` items ahead of the loop, so that the source works while the body of the loop does: to be
 * used in `for await`.
 *
 * Lazy: nothing is pulled before the loop asks for the first item. From then on items are pulled, one after another, until
 * `size` of them wait. They keep their order.
 *
 * When the source fails, a step rejects with an {@link ExceptionGroup}, after the items that came before. Leaving the
 * loop early interrupts the source, and lets it go before the loop ends; items that wait are lost.
 *
 * Throws `TypeError` or `RangeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_COUNT`) on a bad argument.
 *
 * *Cancellation*: interrupts the source; the step rejects with the `CancelledError` when it is let go.
 *
 * @example
 * ```ts
 * import { sleep } from "joinery";
 * import { buffer } from "joinery/iter";
 *
 * const read: number[] = [];
 * async function* pages() {
 *   for (let page = 1; page <= 9; page++) {
 *     read.push(page);
 *     yield page;
 *   }
 * }
 * for await (const page of buffer(pages(), 3)) {
 *   await sleep(10); // page 1 is in work, and 3 more wait
 *   console.log(page, read.length); // 1 4
 *   break;
 * }
 * ```
 *
 * Idea: Kotlin's `buffer` of flows.
 */
export function buffer<S extends Source<unknown>>(
  source: S,
  size: number,
  options: IterationOptions = {},
): Iteration<SourceItem<S>> {
  expectSource("source", source);
  expectLimit("size", size, "JOINERY_INVALID_COUNT");
  const items = source as Source<SourceItem<S>>;
  return new LoopIteration("buffer()", options, (outlet, { signal }) =>
    taskGroup(
      (group) => {
        const lane = new Lane(size + 1); // and the one that the loop has in work
        const setting = { signal: group.signal, outlet, lane };
        return feed(items, setting, (item) => outlet.put(lane, item));
      },
      { signal },
    ),
  );
}
