import { expectFunction, outOfRange } from "../core/arguments.ts";
import { InvalidStateError, type Parked, suspend, type WaitOptions } from "../core/index.ts";

/**
 * Brings steps of different tasks into one order, in a test that is about that order.
 *
 * @example
 * ```ts
 * import { taskGroup } from "joinery";
 * import { Sequencer } from "joinery/testing";
 *
 * const sequencer = new Sequencer();
 * await taskGroup((group) => {
 *   group.createTask(async () => {
 *     await sequencer.step(0, () => console.log("one, first")); // one, first
 *     await sequencer.step(2, () => console.log("one, last"));
 *   });
 *   group.createTask(() => sequencer.step(1, () => console.log("two"))); // two
 * });
 * // → one, last
 * ```
 *
 * Idea: Trio's `Sequencer`.
 */
export class Sequencer {
  /** The positions that somebody has taken. */
  readonly #taken = new Set<number>();
  readonly #waiting = new Map<number, Parked<void>>();
  #next = 0;
  /** The first position whose step never came to its end. */
  #broken = Infinity;

  /**
   * Waits until the steps before `position` are over, then calls `body`. Positions are whole numbers from 0;
   * none may be left out.
   *
   * Resolves with what `body` returned, when it is over; without a `body`, when its turn has come. Rejects with what
   * `body` threw. Rejects with `RangeError` (`JOINERY_INVALID_ARGUMENT`) if `position` is no whole number from 0; with
   * `InvalidStateError` (`JOINERY_SEQUENCE`) if the position is taken, or an earlier step never
   * came to its end.
   *
   * *Cancellation*: ends the wait. The steps after it then cannot come any more, and reject.
   */
  async step(position: number, body?: undefined, options?: WaitOptions): Promise<void>;
  async step<R>(
    position: number,
    body: () => R | PromiseLike<R>,
    options?: WaitOptions,
  ): Promise<R>;
  async step(
    position: number,
    body: () => unknown = nothing,
    options: WaitOptions = {},
  ): Promise<unknown> {
    expectPosition(position);
    expectFunction("body", body);
    if (this.#taken.has(position))
      throw misuse(`Position ${position} of the sequencer is taken: each may be used once.`);
    this.#taken.add(position);
    try {
      await this.#turnOf(position, options);
      const result = await body();
      this.#over();
      return result;
    } catch (error) {
      this.#break(position);
      throw error;
    }
  }

  async #turnOf(position: number, options: WaitOptions): Promise<void> {
    if (position > this.#broken) throw brokenAt(this.#broken);
    if (position === this.#next) return;
    const park = (wait: Parked<void>): (() => void) => {
      this.#waiting.set(position, wait);
      return () => void this.#waiting.delete(position);
    };
    await suspend<void>(park, { ...options, label: `step ${position} of a sequencer` });
  }

  #over(): void {
    const wait = this.#waiting.get(++this.#next);
    this.#waiting.delete(this.#next);
    wait?.resolve();
  }

  #break(position: number): void {
    this.#broken = Math.min(this.#broken, position);
    for (const [later, wait] of this.#waiting) {
      if (later > position && this.#waiting.delete(later)) wait.reject(brokenAt(position));
    }
  }
}

function nothing(): void {}

function expectPosition(position: number): void {
  if (Number.isInteger(position) && position >= 0) return;
  throw outOfRange("position", "a whole number from 0", position, "JOINERY_INVALID_ARGUMENT");
}

function brokenAt(position: number): InvalidStateError {
  return misuse(`Step ${position} of the sequencer did not come to its end: none comes after it.`);
}

function misuse(message: string): InvalidStateError {
  return new InvalidStateError("JOINERY_SEQUENCE", message);
}
