import { expectFunction } from "../core/arguments.ts";
import type { WaitOptions } from "../core/index.ts";
import { Primitive } from "./primitive.ts";
import type { Token } from "./token.ts";

/** What is acquired, and given back: locks, semaphores, limiters. */
export abstract class Acquirable extends Primitive {
  /** As the `concurrency` of a group it needs no signal for each child. */
  get hearsScope(): true {
    return true;
  }

  /** Waits for it, and resolves with what gives it back. */
  abstract acquire(options?: WaitOptions): Promise<Token>;

  /** The same without waiting; `undefined` if it is not to be had. */
  abstract tryAcquire(options?: WaitOptions): Token | undefined;

  /**
   * Calls `fn` while holding it. Resolves and rejects as `fn` does, and gives it back before that.
   * Rejects with `TypeError` (`JOINERY_EXPECTED_FUNCTION`) if `fn` is no function, and as `acquire()` does.
   *
   * *Cancellation*: as `acquire()`. `fn` runs in the asynchronous context of this call.
   */
  async with<R>(fn: () => R | PromiseLike<R>, options: WaitOptions = {}): Promise<R> {
    expectFunction("fn", fn);
    const token = await this.acquire(options);
    try {
      return await fn();
    } finally {
      token.release();
    }
  }
}
