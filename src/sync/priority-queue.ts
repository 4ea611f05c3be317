import { badArgument, expectFunction } from "../core/arguments.ts";
import { Queue, type QueueOptions } from "./queue.ts";
import { Heap } from "./stores.ts";

/** What `<` puts into an order that one would expect. */
type Ordered = number | string | bigint;

export interface PriorityQueueOptions<T> extends QueueOptions {
  /** Negative if `a` comes out before `b`, as for `array.sort`. Default: numbers, strings and bigints in ascending order. */
  compare?: (a: T, b: T) => number;
}

/** `compare` may be left out where the items have an order of their own. */
type Arguments<T> = [T] extends [Ordered]
  ? [options?: PriorityQueueOptions<T>]
  : [options: PriorityQueueOptions<T> & Required<Pick<PriorityQueueOptions<T>, "compare">>];

/**
 * A {@link Queue} that gives the least item first; of equal ones that which came first.
 *
 * Items that are no numbers, strings or bigints need `compare`: without it `put()` rejects them with
 * `TypeError` (`JOINERY_INVALID_ARGUMENT`). An error that `compare` throws is that of the `put()` or `get()`
 * that asked it, and changes nothing.
 *
 * *Cancellation*: as that of a queue.
 *
 * @example
 * ```ts
 * import { PriorityQueue } from "joinery/sync";
 *
 * const jobs = new PriorityQueue<{ name: string; priority: number }>({
 *   compare: (a, b) => a.priority - b.priority,
 * });
 * await jobs.put({ name: "backup", priority: 9 });
 * await jobs.put({ name: "alarm", priority: 1 });
 * console.log((await jobs.get()).name); // alarm
 * ```
 *
 * Idea: `asyncio.PriorityQueue`.
 */
export class PriorityQueue<T> extends Queue<T> {
  readonly #ordered: boolean;

  constructor(...options: Arguments<T>);
  constructor(options: PriorityQueueOptions<T> = {}) {
    super(options, new Heap(options?.compare ?? (ascending as (a: unknown, b: unknown) => number)));
    this.#ordered = options.compare === undefined;
    if (!this.#ordered) expectFunction("compare", options.compare);
  }

  override tryPut(item: T): boolean {
    if (this.#ordered && !["number", "string", "bigint"].includes(typeof item)) {
      const expected = "a number, string or bigint in a queue without `compare`";
      throw badArgument("item", expected, item);
    }
    return super.tryPut(item);
  }
}

/** Of strings and of bigints as well. */
function ascending(a: number, b: number): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
