import {
  type CancellableTaskGroup,
  type Parked,
  suspend,
  type Task,
  taskGroup,
} from "../core/index.ts";
import { Intake } from "./intake.ts";
import { type Iteration, type IterationOptions, LoopIteration } from "./iteration.ts";
import { Lane, type Outlet } from "./outlet.ts";
import { expectSources, type Source, type SourceItem } from "./source.ts";

/** What {@link zip} gives: tuple in, tuples out; array or iterable in, arrays out. */
export type ZippedItems<S> = S extends readonly unknown[]
  ? { -readonly [K in keyof S]: SourceItem<S[K]> }
  : S extends Iterable<infer E>
    ? SourceItem<E>[]
    : never;

/**
 * Gives the first items of all sources together, then the second ones, and so on: to be used in `for await`. Ends
 * with the shortest source.
 *
 * Lazy: nothing is pulled before the loop asks for the first row. All sources are then pulled
 * at the same time, once for each row that the loop asks for.
 *
 * When one source ends, the others are interrupted and let go before the loop ends. So they are when one fails: then a
 * step rejects with the {@link ExceptionGroup} of all errors. Leaving the loop early lets all sources go as well.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) on a bad argument.
 *
 * *Cancellation*: interrupts the sources; the step rejects with the `CancelledError` when they are let go.
 *
 * @example
 * ```ts
 * import { zip } from "joinery/iter";
 *
 * for await (const [name, born] of zip([["Ada", "Grace"], [1815, 1906, 1912]])) {
 *   console.log(name, born);
 * }
 * // Ada 1815
 * // Grace 1906
 * ```
 *
 * Idea: Python's `zip`, the proposal `Iterator.zip`.
 */
export function zip<S extends readonly Source<unknown>[] | [] | Iterable<Source<unknown>>>(
  sources: S,
  options: IterationOptions = {},
): Iteration<ZippedItems<S>> {
  const list = expectSources<Source<unknown>>(sources);
  const rows = new LoopIteration<unknown[]>("zip()", options, (outlet, { signal }) =>
    taskGroup((group) => fillRows(list, outlet, group), { signal, cancellable: true }),
  );
  return rows as Iteration<never>;
}

/** A task for every source, which fills its column. */
function fillRows(
  sources: readonly Source<unknown>[],
  outlet: Outlet<unknown[]>,
  group: CancellableTaskGroup,
): void {
  const rows = new Rows(sources.length, outlet);
  for (const [column, source] of sources.entries()) {
    const fill = async ({ signal }: Task<unknown>): Promise<void> => {
      const intake = new Intake(source, signal);
      try {
        await rows.fill(column, intake, signal);
        group.cancel("the shortest source is over");
      } finally {
        await intake.close();
      }
    };
    group.createTask(fill, { name: `source[${column}]` });
  }
}

/** The row that is being filled. A source that has put its item in waits for those that have not. */
class Rows {
  readonly #width: number;
  readonly #outlet: Outlet<unknown[]>;
  /** The first row has its place already. */
  readonly #lane = new Lane(0);
  #waiting: Parked<void>[] = [];
  #row: unknown[] = [];

  constructor(width: number, outlet: Outlet<unknown[]>) {
    this.#width = width;
    this.#outlet = outlet;
  }

  /** Puts item after item into its column, until the source ends. */
  async fill(column: number, intake: Intake<unknown>, signal: AbortSignal): Promise<void> {
    for (let step = await intake.pull(); !step.done; step = await intake.pull()) {
      this.#row[column] = step.value;
      if (this.#waiting.length === this.#width - 1) await this.#nextRow(signal);
      else await this.#others(signal);
    }
  }

  #others(signal: AbortSignal): Promise<void> {
    const park = (wait: Parked<void>): void => void this.#waiting.push(wait);
    return suspend(park, { signal, label: "the other sources" });
  }

  /** For the last one that comes: hands the row over, and begins the next when the loop has taken it. */
  async #nextRow(signal: AbortSignal): Promise<void> {
    this.#outlet.put(this.#lane, this.#row);
    await this.#lane.enter(signal);
    const waiting = this.#waiting;
    this.#row = [];
    this.#waiting = [];
    for (const wait of waiting) wait.resolve();
  }
}
