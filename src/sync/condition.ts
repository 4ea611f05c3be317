/**
 * C1. Who waits has given the lock back, and has it again when the wait is over, however it ended:
 *     also a cancellation comes out only once the lock is held again.
 * C2. A notified waiter goes from the queue of the condition into that of the lock, at its end.
 * C3. One that is cancelled after it was notified hands the notification to the next one, when it has the
 *     lock again: it does not have to wait for that one.
 */

import { badArgument, expectFunction } from "../core/arguments.ts";
import {
  type CancelledError,
  enclosingTask,
  type Parked,
  type Task,
  type WaitOptions,
} from "../core/index.ts";
import { Acquirable } from "./acquirable.ts";
import { expectCount } from "./count.ts";
import { type Hold, Lock } from "./lock.ts";
import type { PrimitiveOptions } from "./primitive.ts";
import type { Token } from "./token.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface ConditionOptions extends PrimitiveOptions {
  /** The lock that goes with it; conditions may share one. Default: one of its own. */
  lock?: Lock;
}

export interface ConditionStatistics {
  readonly locked: boolean;
  /** The task that holds the lock. */
  readonly owner: Task<unknown> | undefined;
  /** How many wait to be notified. */
  readonly waiting: number;
}

/** The values of `T` that a condition can wait for. */
export type Truthy<T> = Exclude<T, false | 0 | 0n | "" | null | undefined | void>;

/** Waits to be notified, then for the lock. */
class Sleeper implements Parked<Hold> {
  readonly #wait: Parked<void>;
  notified = false;
  /** Takes it out of the queue in which it is. */
  leave!: () => void;
  cancellation: CancelledError | undefined;
  /** For one that was cancelled after it was notified. */
  handOn: (() => void) | undefined;

  constructor(wait: Parked<void>) {
    this.#wait = wait;
  }

  resolve(): boolean {
    this.handOn?.();
    return this.cancellation ? this.#wait.reject(this.cancellation) : this.#wait.resolve();
  }

  reject(error: unknown): boolean {
    return this.#wait.reject(error);
  }
}

/**
 * Waits, with a lock, until somebody says that something has changed.
 *
 * Acquire it, look, and `wait()` while there is nothing for you: that gives the lock back, and has it again
 * when it resolves. `waitFor(predicate)` does the loop. Whoever changes something holds the lock as well, and
 * calls `notify()`. Both reject, or throw, `InvalidStateError` if the caller does not hold the lock
 * (`JOINERY_NOT_HELD`, `JOINERY_NOT_OWNER`). A notification with nobody waiting is lost.
 *
 * *Cancellation*: ends the wait, and comes out when the lock is held again, since the code around it
 * counts on that. A notification that came before it goes to the next one who waits.
 *
 * @example
 * ```ts
 * import { taskGroup } from "joinery";
 * import { Condition } from "joinery/sync";
 *
 * const condition = new Condition();
 * let stock = 0;
 * await taskGroup((group) => {
 *   group.createTask(async () => {
 *     using _ = await condition.acquire();
 *     console.log(await condition.waitFor(() => stock > 0 && `${stock} in stock`)); // 3 in stock
 *   });
 *   group.createTask(async () => {
 *     using _ = await condition.acquire();
 *     stock = 3;
 *     condition.notify();
 *   });
 * });
 * ```
 *
 * Idea: `asyncio.Condition`.
 */
export class Condition extends Acquirable {
  readonly lock: Lock;
  readonly #sleepers = new WaitQueue<Hold, Hold>();

  constructor(options: ConditionOptions = {}) {
    super("condition", options);
    const { lock = new Lock({ name: this.name }) } = options;
    if (!(lock instanceof Lock)) throw badArgument("lock", "a Lock", lock);
    this.lock = lock;
  }

  /** Waits for the lock, as `lock.acquire()`. */
  acquire(options: WaitOptions = {}): Promise<Token> {
    return this.lock.acquire(options);
  }

  /** Takes the lock if it is free, as `lock.tryAcquire()`. */
  tryAcquire(options: WaitOptions = {}): Token | undefined {
    return this.lock.tryAcquire(options);
  }

  /** Gives the lock back, as `lock.release()`. */
  release(options: WaitOptions = {}): void {
    this.lock.release(options);
  }

  /** Whether somebody holds the lock. */
  locked(): boolean {
    return this.lock.locked();
  }

  /** Gives the lock back, waits to be notified, and for the lock. */
  wait(options: WaitOptions = {}): Promise<void> {
    return this.waits<void>(options, (wait) => {
      const hold = this.lock.heldBy(enclosingTask(options));
      const sleeper = new Sleeper(wait);
      sleeper.leave = this.#sleepers.add(sleeper, hold);
      this.lock.giveBack(hold);
      return (error) => this.#cancelled(sleeper, hold, error);
    });
  }

  /**
   * Waits until `predicate` gives a truthy value, and resolves with that. Looks at once, and then
   * whenever it is notified; holding the lock, and in the asynchronous context of this call.
   */
  async waitFor<T>(predicate: () => T, options: WaitOptions = {}): Promise<Truthy<T>> {
    expectFunction("predicate", predicate);
    let value = predicate();
    while (!value) {
      await this.wait(options);
      value = predicate();
    }
    return value as Truthy<T>;
  }

  /** Notifies the first `n` of those who wait. They go on when they get the lock. */
  notify(n = 1, options: WaitOptions = {}): void {
    expectCount("n", n, 0);
    this.lock.heldBy(enclosingTask(options));
    for (let i = 0; i < n && this.#notifyFirst(); i++);
  }

  /** Notifies all who wait. */
  notifyAll(options: WaitOptions = {}): void {
    this.notify(Infinity, options);
  }

  holders(): readonly Task<unknown>[] {
    return this.lock.holders();
  }

  statistics(): ConditionStatistics {
    const { locked, owner } = this.lock.statistics();
    return { locked, owner, waiting: this.#sleepers.size };
  }

  #notifyFirst(): boolean {
    const first = this.#sleepers.shift();
    if (first === undefined) return false;
    const sleeper = first.wait as Sleeper;
    sleeper.notified = true;
    sleeper.leave = this.lock.queue(sleeper, first.detail);
    return true;
  }

  #cancelled(sleeper: Sleeper, hold: Hold, error: CancelledError): void | false {
    sleeper.leave();
    const handOn = sleeper.notified ? (): void => void this.#notifyFirst() : undefined;
    if (hold.owner?.done()) return handOn?.(); // the wait was never awaited, and nobody is there to hold the lock
    sleeper.cancellation = error;
    sleeper.handOn = handOn;
    this.lock.retake(sleeper, hold);
    return false;
  }
}
