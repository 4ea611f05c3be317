import { taskGroup } from "../core/index.ts";
import { feed } from "./feed.ts";
import { type Iteration, type IterationOptions, LoopIteration } from "./iteration.ts";
import { Lane } from "./outlet.ts";
import { expectSources, type Source, type SourceItem } from "./source.ts";

/**
 * Gives the items of several sources as they come: to be used in `for await`. Ends when all sources have.
 *
 * Lazy: nothing is pulled before the loop asks for the first item. From then on one item of every
 * source is under way, counted from the pull until the loop comes back for another item. The items of one
 * source keep their order.
 *
 * An error of a source interrupts the others; when all are let go, a step rejects with the
 * {@link ExceptionGroup} of all errors. Leaving the loop early lets all sources go before the loop ends.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) on a bad argument.
 *
 * *Cancellation*: interrupts the sources; the step rejects with the `CancelledError` when they are let go.
 *
 * @example
 * ```ts
 * import { sleep } from "joinery";
 * import { merge } from "joinery/iter";
 *
 * async function* every(ms: number, name: string) {
 *   for (let i = 1; i <= 2; i++) {
 *     await sleep(ms);
 *     yield `${name}${i}`;
 *   }
 * }
 * for await (const item of merge([every(10, "a"), every(200, "b")])) console.log(item);
 * // a1
 * // a2
 * // b1
 * // b2
 * ```
 *
 * Idea: RxJS's `merge`, Kotlin's `merge` of flows.
 */
export function merge<S extends Source<unknown>>(
  sources: Iterable<S>,
  options: IterationOptions = {},
): Iteration<SourceItem<S>> {
  const list = expectSources(sources as Iterable<Source<SourceItem<S>>>);
  return new LoopIteration<SourceItem<S>>("merge()", options, (outlet, { signal }) =>
    taskGroup(
      (group) => {
        for (const [at, source] of list.entries()) {
          const lane = new Lane(1);
          const drain = (own: { signal: AbortSignal }): Promise<void> =>
            feed(source, { signal: own.signal, outlet, lane }, (item) => outlet.put(lane, item));
          group.createTask(drain, { name: `source[${at}]` });
        }
      },
      { signal },
    ),
  );
}
