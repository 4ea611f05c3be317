import { InvalidStateError } from "../core/index.ts";
import type { PrimitiveOptions } from "./primitive.ts";
import { Semaphore } from "./semaphore.ts";

/**
 * A {@link Semaphore} that never rises above the value it began with: `release()` then throws
 * `InvalidStateError` (`JOINERY_NOT_HELD`), since nobody can have acquired what is given back.
 *
 * *Cancellation*: as that of a semaphore.
 *
 * @example
 * ```ts
 * import { BoundedSemaphore } from "joinery/sync";
 *
 * const semaphore = new BoundedSemaphore(1);
 * (await semaphore.acquire()).release();
 * try {
 *   semaphore.release();
 * } catch (error) {
 *   console.log((error as { code?: string }).code); // JOINERY_NOT_HELD
 * }
 * ```
 *
 * Idea: `asyncio.BoundedSemaphore`.
 */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number;

  constructor(value: number, options: PrimitiveOptions = {}) {
    super(value, options);
    this.#bound = value;
  }

  override release(): void {
    if (this.statistics().value >= this.#bound) {
      const message = `${this.title} was released more often than it was acquired.`;
      throw new InvalidStateError("JOINERY_NOT_HELD", message);
    }
    super.release();
  }
}
