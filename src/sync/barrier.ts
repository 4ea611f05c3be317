import type { WaitOptions } from "../core/index.ts";
import { expectCount } from "./count.ts";
import { BrokenBarrierError } from "./errors.ts";
import { Primitive, type PrimitiveOptions } from "./primitive.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface BarrierStatistics {
  /** How many it takes. */
  readonly parties: number;
  /** How many are there already. */
  readonly waiting: number;
  /** Whether it was aborted. */
  readonly broken: boolean;
}

/**
 * A place where `parties` tasks wait for each other, and then all go on.
 *
 * `wait()` resolves when the last one has come, with a number from 0 to `parties - 1`, another one for each in
 * order of arrival: one of them can do what has to be done once. Then it can be used again. It rejects with
 * {@link BrokenBarrierError} (`JOINERY_BROKEN_BARRIER`) when the barrier is reset meanwhile, or aborted.
 * Throws `RangeError` (`JOINERY_INVALID_COUNT`) if `parties` is no whole number from 1.
 *
 * *Cancellation*: one who is cancelled has not come; the others go on waiting, for somebody else.
 *
 * @example
 * ```ts
 * import { all } from "joinery";
 * import { Barrier } from "joinery/sync";
 *
 * const barrier = new Barrier(2);
 * console.log(await all([() => barrier.wait(), () => barrier.wait()])); // [ 0, 1 ]
 * ```
 *
 * Idea: `asyncio.Barrier`.
 */
export class Barrier extends Primitive {
  readonly parties: number;
  #broken = false;
  readonly #queue = new WaitQueue<number>();

  constructor(parties: number, options: PrimitiveOptions = {}) {
    super("barrier", options);
    this.parties = expectCount("parties", parties, 1);
  }

  /** Whether it was aborted. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Waits until all have come. */
  wait(options: WaitOptions = {}): Promise<number> {
    return this.waits<number>(options, (wait) => {
      if (this.#broken) throw new BrokenBarrierError(`${this.title} was aborted.`);
      const leave = this.#queue.add(wait, undefined);
      if (this.#queue.size < this.parties) return leave;
      let index = 0;
      for (let next = this.#queue.shift(); next; next = this.#queue.shift())
        next.wait.resolve(index++);
      return undefined;
    });
  }

  /** Sends all away who wait, and makes it usable again after `abort()`. */
  reset(): void {
    this.#broken = false;
    this.#queue.failAll(new BrokenBarrierError(`${this.title} was reset.`));
  }

  /** Sends all away who wait, and all who come, until `reset()`. */
  abort(): void {
    this.#broken = true;
    this.#queue.failAll(new BrokenBarrierError(`${this.title} was aborted.`));
  }

  statistics(): BarrierStatistics {
    return { parties: this.parties, waiting: this.#queue.size, broken: this.#broken };
  }
}
