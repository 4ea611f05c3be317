import type { WaitOptions } from "../core/index.ts";
import { Acquirable } from "./acquirable.ts";
import { expectCount } from "./count.ts";
import type { PrimitiveOptions } from "./primitive.ts";
import { SingleToken, type Token } from "./token.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface SemaphoreStatistics {
  /** How often it can be acquired without waiting. */
  readonly value: number;
  /** How many wait for it. */
  readonly waiting: number;
}

/**
 * Lets `value` in at a time; the others wait in order of arrival.
 *
 * `acquire()` resolves with a {@link Token}, `tryAcquire()` returns one or `undefined`, `with(fn)` does both
 * for a function. `release()` adds one, whoever calls it. Nobody owns it: a semaphore also counts, or says
 * how often something has happened. To limit how many do something, prefer a `CapacityLimiter`.
 * Throws `RangeError` (`JOINERY_INVALID_COUNT`) if `value` is no whole number from 0.
 *
 * *Cancellation*: ends the wait, which leaves no trace. One that came too late to do so leaves you the
 * token; give it back as ever, with `using` or `finally`.
 *
 * @example
 * ```ts
 * import { all, sleep } from "joinery";
 * import { Semaphore } from "joinery/sync";
 *
 * const semaphore = new Semaphore(2);
 * let running = 0;
 * const seen = await all(
 *   [1, 2, 3].map((ms) => () =>
 *     semaphore.with(async () => {
 *       const now = ++running;
 *       await sleep(ms);
 *       running--;
 *       return now;
 *     }),
 *   ),
 * );
 * console.log(Math.max(...seen)); // 2
 * ```
 *
 * Idea: `asyncio.Semaphore`.
 */
export class Semaphore extends Acquirable {
  #value: number;
  readonly #queue = new WaitQueue<Token>();
  readonly #giveBack = (): void => this.release();

  constructor(value: number, options: PrimitiveOptions = {}) {
    super("semaphore", options);
    this.#value = expectCount("value", value, 0);
  }

  /** Waits until it is above 0, and takes one. */
  acquire(options: WaitOptions = {}): Promise<Token> {
    return this.waits<Token>(options, (wait) => {
      const token = this.tryAcquire();
      return token ? void wait.resolve(token) : this.#queue.add(wait, undefined);
    });
  }

  /** Takes one if it is above 0; never waits. */
  tryAcquire(): Token | undefined {
    if (this.#value === 0) return undefined;
    this.#value--;
    return new SingleToken(this.#giveBack);
  }

  /** Adds one, or hands it to the first who waits. */
  release(): void {
    const next = this.#queue.shift();
    if (next) next.wait.resolve(new SingleToken(this.#giveBack));
    else this.#value++;
  }

  /** Whether one would have to wait. */
  locked(): boolean {
    return this.#value === 0;
  }

  statistics(): SemaphoreStatistics {
    return { value: this.#value, waiting: this.#queue.size };
  }
}
