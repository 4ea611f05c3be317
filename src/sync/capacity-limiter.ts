/**
 * B1. The number of tokens that are lent is never made larger than `total`. It may be larger because
 *     `total` was made smaller; then nobody gets one until enough have come back.
 * B2. Nobody waits while a token is to be had.
 * B3. A borrower has one token, or waits for one, or neither.
 */

import { badArgument, expectFunction } from "../core/arguments.ts";
import {
  enclosingTask,
  InvalidStateError,
  type Limiter,
  type Task,
  type WaitOptions,
} from "../core/index.ts";
import { Acquirable } from "./acquirable.ts";
import { expectCount } from "./count.ts";
import type { PrimitiveOptions } from "./primitive.ts";
import { SingleToken, type Token } from "./token.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface BorrowOptions extends WaitOptions {
  /** On whose behalf. Default: the running task; outside of any, nobody in particular. */
  borrower?: object;
}

export interface CapacityLimiterStatistics {
  readonly total: number;
  /** How many tokens are lent. */
  readonly borrowed: number;
  /** How many more may be lent. */
  readonly available: number;
  /** Who has a token. */
  readonly borrowers: readonly object[];
  /** How many wait for a token. */
  readonly waiting: number;
}

/** Who has a token, or waits for one. */
interface Loan {
  readonly borrower: object;
  /** The task that asked for it. */
  readonly task: Task<unknown> | undefined;
}

/**
 * Limits how many do something at the same time; the others wait in order of arrival.
 *
 * `acquire()` resolves with a {@link Token} that belongs to the running task, or to the `borrower` that is named;
 * one that has a token, or waits for one, gets no second: `InvalidStateError` (`JOINERY_REENTRY`), since it might
 * wait for itself. `with(fn)` and `wrap(fn)` borrow for the call, so that calls of one task count each;
 * a call inside such a call waits for a token like any other, and for ever if there is but one.
 * `total` may be changed at any time, also to 0: what is lent stays lent, and nobody gets a token until
 * fewer than `total` are. It is what `concurrency` options take, and may be shared between groups.
 * Throws `RangeError` (`JOINERY_INVALID_COUNT`) if `total` is no whole number from 0.
 *
 * *Cancellation*: ends the wait for a token, which leaves no trace. One that came too late to do so leaves
 * you the token; give it back as ever, with `using` or `finally`.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "joinery";
 * import { CapacityLimiter } from "joinery/sync";
 *
 * const limiter = new CapacityLimiter(2, { name: "downloads" });
 * await taskGroup(
 *   (group) => {
 *     for (const ms of [1, 2, 3]) group.createTask(() => sleep(ms));
 *     setImmediate(() => console.log(limiter.statistics().borrowed)); // 2
 *   },
 *   { concurrency: limiter },
 * );
 * const double = limiter.wrap((n: number) => n * 2);
 * console.log(await Promise.all([1, 2, 3].map((n) => double(n)))); // [ 2, 4, 6 ]
 * ```
 *
 * Idea: Trio's `CapacityLimiter`; the shape is that of the TC39 proposal for a `Governor`.
 */
export class CapacityLimiter extends Acquirable implements Limiter {
  #total: number;
  /** Those who have a token. */
  readonly #lent = new Map<object, Loan>();
  readonly #waiting = new Set<object>();
  readonly #queue = new WaitQueue<Token, Loan>();

  constructor(total: number, options: PrimitiveOptions = {}) {
    super("limiter", options);
    this.#total = expectCount("total", total, 0);
  }

  /** How many tokens there are. */
  get total(): number {
    return this.#total;
  }

  set total(total: number) {
    this.#total = expectCount("total", total, 0);
    this.#lendOn();
  }

  /** Waits for a token. */
  acquire(options: BorrowOptions = {}): Promise<Token> {
    return this.waits<Token>(options, (wait) => {
      const loan = this.#loan(options);
      if (this.#available > 0) return void wait.resolve(this.#lend(loan));
      const leave = this.#queue.add(wait, loan);
      this.#waiting.add(loan.borrower);
      return () => {
        leave();
        this.#waiting.delete(loan.borrower);
      };
    });
  }

  /** Takes a token if there is one. Throws where `acquire()` would reject; it never waits. */
  tryAcquire(options: BorrowOptions = {}): Token | undefined {
    const loan = this.#loan(options);
    return this.#available > 0 ? this.#lend(loan) : undefined;
  }

  override with<R>(fn: () => R | PromiseLike<R>, options: BorrowOptions = {}): Promise<R> {
    return super.with(fn, { borrower: {}, ...options });
  }

  /** A function that calls `fn` with a token, whenever it is called, and in the asynchronous context of that call. */
  wrap<A extends unknown[], R>(fn: (...args: A) => R | PromiseLike<R>): (...args: A) => Promise<R> {
    expectFunction("fn", fn);
    return (...args) => this.with(() => fn(...args));
  }

  holders(): readonly Task<unknown>[] {
    return [...this.#lent.values()].flatMap(({ task }) => task ?? []);
  }

  statistics(): CapacityLimiterStatistics {
    return {
      total: this.#total,
      borrowed: this.#lent.size,
      available: this.#available,
      borrowers: [...this.#lent.keys()],
      waiting: this.#queue.size,
    };
  }

  get #available(): number {
    return Math.max(0, this.#total - this.#lent.size);
  }

  #loan(options: BorrowOptions): Loan {
    const task = enclosingTask(options);
    const { borrower = task ?? {} } = options;
    if (Object(borrower) !== borrower) throw badArgument("borrower", "an object", borrower);
    if (this.#lent.has(borrower) || this.#waiting.has(borrower)) {
      const who = borrower === task ? `task "${task.name}"` : "the borrower";
      const message = `${who} has a token of ${this.title}, or waits for one, and would wait for itself.`;
      throw new InvalidStateError("JOINERY_REENTRY", message);
    }
    return { borrower, task };
  }

  #lend(loan: Loan): Token {
    this.#lent.set(loan.borrower, loan);
    return new SingleToken(() => {
      this.#lent.delete(loan.borrower);
      this.#lendOn();
    });
  }

  /** Lends what is to be had to those who wait (B2). */
  #lendOn(): void {
    while (this.#available > 0) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#waiting.delete(next.detail.borrower);
      next.wait.resolve(this.#lend(next.detail));
    }
  }
}
