import { badArgument, expectFunction, expectOptions } from "../core/arguments.ts";
import { isCancelled, type Task, taskGroup, type TaskGroup } from "../core/index.ts";
import { expectLimit, feed } from "./feed.ts";
import { type Iteration, type IterationOptions, LoopIteration } from "./iteration.ts";
import { Lane, type Outlet, type Place } from "./outlet.ts";
import { expectSource, type Source, type SourceItem } from "./source.ts";

export interface MapOptions extends IterationOptions {
  /**
   * How many items are under way at most: being mapped, mapped and not yet taken, or in the body of the loop. With 1
   * it is a plain loop. There is no default: `Infinity` has to be written out, and reads a source without
   * an end until memory is full.
   */
  concurrency: number;
  /** Whether the results come in the order of the items; if not, as they are ready. Default: `true`. */
  ordered?: boolean;
}

/** The second argument of a mapper. */
export interface MapContext {
  /** The number of the item, from 0. */
  readonly index: number;
  /** Aborts when the result is not wanted any more. Hand it to everything that takes a signal. */
  readonly signal: AbortSignal;
}

/**
 * Calls `fn` for every item of `source`, for up to `concurrency` of them at once, and gives the results:
 * to be used in `for await`.
 *
 * Lazy: nothing is pulled before the loop asks for the first result. From then on up to `concurrency` items
 * are under way, counted from the pull until the loop comes back for another result: a loop that does not
 * come back stops the source. Each call of
 * `fn` is a task, and runs in the asynchronous context of the loop. Results come in the order of the
 * items, or, with `ordered: false`, as they are ready. A mapper that is cancelled alone has no result,
 * and no error.
 *
 * The first error of a mapper or of the source cancels the mappers in flight; when they are over and the source
 * is closed, a step rejects with the {@link ExceptionGroup} of all errors. Results that are ready and next
 * in line come before it. Leaving the loop early (`break`, `return`, `throw`) also cancels the mappers, waits for them and
 * closes the source before the loop ends; an error that the loop has not got by then is a process warning
 * (`JOINERY_LATE_ERROR`), as that of a loser of `race`.
 *
 * The work belongs to the block in which the loop takes its first step. If that ends before the loop (only an iterator
 * that is used by hand can do that), the work is cancelled and awaited, and the block rejects with
 * `InvalidStateError` (`JOINERY_SCOPE_LEFT_OPEN`).
 *
 * Throws `TypeError` or `RangeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_EXPECTED_FUNCTION`,
 * `JOINERY_INVALID_CONCURRENCY`) on a bad argument.
 *
 * *Cancellation*: of that block, or of `signal`, cancels the mappers and interrupts the source; the step
 * rejects with the `CancelledError` when all are over. One of a narrower scope ends only the step that waits in
 * it: the next one gets the result.
 *
 * @example
 * ```ts
 * import { sleep } from "joinery";
 * import { map } from "joinery/iter";
 *
 * const lengths = map(["Ada", "Grace", "Barbara"], async (name) => {
 *   await sleep(10);
 *   return name.length;
 * }, { concurrency: 2 });
 * for await (const length of lengths) console.log(length);
 * // 3
 * // 5
 * // 7
 * ```
 *
 * Idea: Rust's `buffered` and `buffer_unordered`, p-map's `pMapIterable`.
 */
export function map<S extends Source<unknown>, R>(
  source: S,
  fn: (item: SourceItem<S>, context: MapContext) => R,
  options: MapOptions,
): Iteration<Awaited<R>> {
  return iterate("map()", source as Source<SourceItem<S>>, fn, options);
}

/** As {@link map}, under the name of the function that was called. */
export function iterate<T, R>(
  name: string,
  source: Source<T>,
  fn: (item: T, context: MapContext) => R,
  options: MapOptions,
): Iteration<Awaited<R>> {
  expectSource("source", source);
  expectFunction("fn", fn);
  expectOptions(options ?? {});
  const { concurrency, ordered = true } = options ?? {};
  expectLimit("concurrency", concurrency, "JOINERY_INVALID_CONCURRENCY");
  if (typeof ordered !== "boolean") throw badArgument("ordered", "true or false", ordered);
  return new LoopIteration(name, options, (outlet, { signal }) =>
    taskGroup((group) => new Mapping(fn, { group, outlet, concurrency, ordered }).run(source), {
      signal,
    }),
  );
}

interface MappingSetting<R> {
  readonly group: TaskGroup;
  readonly outlet: Outlet<Awaited<R>>;
  readonly concurrency: number;
  readonly ordered: boolean;
}

/** The body of the group that the mappers are in. */
class Mapping<T, R> {
  readonly #fn: (item: T, context: MapContext) => R;
  readonly #group: TaskGroup;
  readonly #outlet: Outlet<Awaited<R>>;
  readonly #lane: Lane;
  readonly #ordered: boolean;

  constructor(fn: (item: T, context: MapContext) => R, setting: MappingSetting<R>) {
    this.#fn = fn;
    this.#group = setting.group;
    this.#outlet = setting.outlet;
    this.#lane = new Lane(setting.concurrency);
    this.#ordered = setting.ordered;
  }

  run(source: Source<T>): Promise<void> {
    const setting = { signal: this.#group.signal, outlet: this.#outlet, lane: this.#lane };
    return feed(source, setting, (item, index) => this.#start(item, index));
  }

  #start(item: T, index: number): void {
    const place = this.#ordered ? this.#outlet.reserve(this.#lane) : undefined;
    this.#group.createTask((task) => this.#map(item, new MapperContext(index, task), place), {
      name: `${this.#fn.name || "map"}[${index}]`,
    });
  }

  async #map(item: T, context: MapperContext, place: Place<Awaited<R>> | undefined): Promise<void> {
    try {
      const value = await this.#fn(item, context);
      this.#outlet.fill(place ?? this.#outlet.reserve(this.#lane), value);
    } catch (error) {
      if (context.cancelledAlone(error, this.#group)) this.#skip(place);
      else this.#outlet.failed = true;
      throw error;
    }
  }

  #skip(place: Place<Awaited<R>> | undefined): void {
    if (place) this.#outlet.vacate(place);
    else this.#lane.leave();
  }
}

class MapperContext implements MapContext {
  readonly index: number;
  readonly #task: Task<unknown>;

  constructor(index: number, task: Task<unknown>) {
    this.index = index;
    this.#task = task;
  }

  get signal(): AbortSignal {
    return this.#task.signal;
  }

  /** Whether `error` says that this task was cancelled, and the whole `group` was not. */
  cancelledAlone(error: unknown, group: TaskGroup): boolean {
    return this.#task.state === "cancelling" && isCancelled(error) && !group.signal.aborted;
  }
}
