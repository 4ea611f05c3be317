/**
 * L1. At most one holds it. It is free only if nobody waits.
 * L2. Its owner is the task that acquired it. Who owns it cannot wait for it.
 * L3. When the owner ends without releasing it, all who wait are told, and all who come later, until
 *     somebody gives it back after all.
 */

import {
  enclosingTask,
  InvalidStateError,
  type Parked,
  type Task,
  type WaitOptions,
} from "../core/index.ts";
import { Acquirable } from "./acquirable.ts";
import type { PrimitiveOptions } from "./primitive.ts";
import type { Token } from "./token.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface LockStatistics {
  readonly locked: boolean;
  /** The task that holds it. */
  readonly owner: Task<unknown> | undefined;
  /** How many wait for it. */
  readonly waiting: number;
}

/** One holding of a lock: from an acquisition to its release, with the waits on a condition between. @internal */
export class Hold implements Token {
  readonly #lock: Lock;
  /** Whose it is; nobody's if it was acquired outside of any task. */
  readonly owner: Task<unknown> | undefined;

  constructor(lock: Lock, owner: Task<unknown> | undefined) {
    this.#lock = lock;
    this.owner = owner;
  }

  release(): void {
    this.#lock.giveBack(this);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Lets one in at a time; the others wait in order of arrival.
 *
 * `acquire()` resolves with a {@link Token}, `tryAcquire()` returns one or `undefined`, `with(fn)` does both
 * for a function. The task that acquires it owns it. Rejects, or throws, `InvalidStateError`: to acquire
 * what one holds already is an error and no deadlock (`JOINERY_REENTRY`); when the owner ended without
 * releasing it, those who wait hear of it (`JOINERY_OWNER_ENDED`). Branches of one task, as in
 * `Promise.all([a(), b()])`, are one owner: start them as tasks, with `all([a, b])`.
 *
 * *Cancellation*: ends the wait for the lock, which leaves no trace. One that came too late to do so
 * leaves you the lock; release it as ever, with `using` or `finally`.
 *
 * Outside of any task, and on a runtime without `AsyncLocalStorage` unless `{ signal }` of a task is passed,
 * the lock has no owner, and neither check is made.
 *
 * @example
 * ```ts
 * import { all, sleep } from "joinery";
 * import { Lock } from "joinery/sync";
 *
 * const lock = new Lock({ name: "account" });
 * let balance = 100;
 * const withdraw = async (amount: number) => {
 *   using _ = await lock.acquire();
 *   const before = balance;
 *   await sleep(1);
 *   balance = before - amount;
 * };
 * await all([() => withdraw(10), () => withdraw(20)]);
 * console.log(balance); // 70
 * ```
 *
 * Idea: Trio's `Lock`; `asyncio.Lock`, which has no owner.
 */
export class Lock extends Acquirable {
  #held: Hold | undefined;
  readonly #queue = new WaitQueue<Hold, Hold>();
  /** While somebody waits: takes back the request to hear of the owner's end. */
  #unwatch: (() => void) | undefined;

  constructor(options: PrimitiveOptions = {}) {
    super("lock", options);
  }

  /** Waits until it is free, and takes it. */
  acquire(options: WaitOptions = {}): Promise<Token> {
    return this.waits<Token>(options, (wait) => {
      const hold = new Hold(this, enclosingTask(options));
      return this.#take(hold) ? void wait.resolve(hold) : this.queue(wait, hold);
    });
  }

  /** Takes it if it is free. Throws where `acquire()` would reject; it never waits. */
  tryAcquire(options: WaitOptions = {}): Token | undefined {
    const hold = new Hold(this, enclosingTask(options));
    return this.#take(hold) ? hold : undefined;
  }

  /**
   * Gives it back, as its token does. Throws `InvalidStateError` if nobody holds it (`JOINERY_NOT_HELD`)
   * or if another task does (`JOINERY_NOT_OWNER`).
   */
  release(options: WaitOptions = {}): void {
    this.giveBack(this.heldBy(enclosingTask(options)));
  }

  /** Whether somebody holds it. */
  locked(): boolean {
    return this.#held !== undefined;
  }

  holders(): readonly Task<unknown>[] {
    return this.#held?.owner ? [this.#held.owner] : [];
  }

  statistics(): LockStatistics {
    return { locked: this.locked(), owner: this.#held?.owner, waiting: this.#queue.size };
  }

  /** The hold that `task` has. Who is no task, or cannot be known, is trusted. @internal */
  heldBy(task: Task<unknown> | undefined): Hold {
    const held = this.#held;
    if (held === undefined) {
      const message = `${this.title} is not held by anybody. Acquire it first.`;
      throw new InvalidStateError("JOINERY_NOT_HELD", message);
    }
    if (held.owner && task && held.owner !== task) {
      const message = `${this.title} is held by task "${held.owner.name}", not by task "${task.name}".`;
      throw new InvalidStateError("JOINERY_NOT_OWNER", message);
    }
    return held;
  }

  /** Puts `wait` into the queue, to get the lock as `hold`; returns what takes it out again. @internal */
  queue(wait: Parked<Hold>, hold: Hold): () => void {
    const leave = this.#queue.add(wait, hold);
    this.#watchOwner();
    return leave;
  }

  /** Ends `hold`, if it is the present one: a token that was used is worth nothing. @internal */
  giveBack(hold: Hold): void {
    if (this.#held !== hold) return;
    this.#unwatch?.();
    this.#unwatch = undefined;
    const next = this.#queue.shift();
    this.#held = next?.detail;
    next?.wait.resolve(next.detail);
    this.#watchOwner();
  }

  /** As `queue()`, for one who had it before: takes it if it is free. @internal */
  retake(wait: Parked<Hold>, hold: Hold): void {
    if (this.#held) return void this.queue(wait, hold);
    this.#held = hold;
    wait.resolve(hold);
  }

  #take(hold: Hold): boolean {
    const owner = this.#held?.owner;
    if (owner && owner === hold.owner) {
      const remedy =
        "Branches of a task that need it at the same time have to be tasks: all([a, b]).";
      const message = `task "${owner.name}" holds ${this.title} already, and would wait for itself. ${remedy}`;
      throw new InvalidStateError("JOINERY_REENTRY", message);
    }
    if (owner?.done()) throw this.#ownerEnded(owner);
    if (this.#held) return false;
    this.#held = hold;
    return true;
  }

  /** Hears of the owner's end, while somebody waits for the lock (L3). */
  #watchOwner(): void {
    const owner = this.#held?.owner;
    if (owner === undefined || this.#queue.size === 0) return;
    this.#unwatch?.();
    this.#unwatch = owner.addDoneCallback(() => this.#queue.failAll(this.#ownerEnded(owner)));
  }

  #ownerEnded(owner: Task<unknown>): InvalidStateError {
    const remedy = "Hold it with `using`, or with lock.with(fn).";
    return new InvalidStateError(
      "JOINERY_OWNER_ENDED",
      `task "${owner.name}" is over and has not released ${this.title}. ${remedy}`,
    );
  }
}
