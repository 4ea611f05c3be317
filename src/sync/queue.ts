/**
 * U1. An item is in the store, handed to a getter, or still with its putter: nowhere else, and in one place.
 * U2. A getter waits only if the store is empty, a putter only if it is full.
 * U3. After `shutdown()` nothing goes in; what is in comes out.
 */

import { badArgument } from "../core/arguments.ts";
import { InvalidStateError, type WaitOptions } from "../core/index.ts";
import { expectCount } from "./count.ts";
import { QueueShutDown } from "./errors.ts";
import { Primitive, type PrimitiveOptions } from "./primitive.ts";
import { Fifo, type Store } from "./stores.ts";
import { untilEnd } from "./until-end.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface QueueOptions extends PrimitiveOptions {
  /** How many items it holds; those who put more wait. Default: `Infinity`. */
  maxSize?: number;
}

export interface QueueStatistics {
  readonly size: number;
  readonly maxSize: number;
  /** Items that were put, and for which `taskDone()` was not called. */
  readonly unfinished: number;
  /** How many wait for an item. */
  readonly getting: number;
  /** How many wait for room. */
  readonly putting: number;
  readonly shutDown: boolean;
}

/**
 * Hands items from those who put them to those who get them: first in, first out.
 *
 * `put()` resolves when the item is in, `get()` with the item; both wait in order of arrival, and nobody who
 * comes later is served before. After `shutdown()` they reject with {@link QueueShutDown}
 * (`JOINERY_QUEUE_SHUT_DOWN`), `get()` once nothing is left; `for await` over the queue ends then.
 * Whoever has dealt with an item says so by `taskDone()`: `join()` resolves when all are dealt with.
 * Throws `RangeError` (`JOINERY_INVALID_COUNT`) if `maxSize` is no whole number from 1.
 *
 * *Cancellation*: ends the wait. An item whose `put()` was cancelled is not in; one that `get()` has got is
 * kept, also if the cancel comes before the task goes on.
 *
 * The code after `get()` runs in the asynchronous context of whoever gets, not of whoever put.
 *
 * @example
 * ```ts
 * import { taskGroup } from "joinery";
 * import { Queue } from "joinery/sync";
 *
 * const rows = new Queue<string>({ name: "rows", maxSize: 1 });
 * await taskGroup(async (group) => {
 *   group.createTask(async () => {
 *     for await (const row of rows) console.log(row);
 *   });
 *   for (const row of ["one", "two"]) await rows.put(row);
 *   rows.shutdown();
 *   // → one
 *   // → two
 * });
 * ```
 *
 * Idea: `asyncio.Queue`.
 */
export class Queue<T> extends Primitive implements AsyncIterable<T> {
  readonly maxSize: number;
  readonly #store: Store<T>;
  readonly #getters = new WaitQueue<T>();
  readonly #putters = new WaitQueue<void, T>();
  readonly #joiners = new WaitQueue<void>();
  #unfinished = 0;
  #shutDown = false;

  constructor(options?: QueueOptions);
  /** @internal */
  constructor(options?: QueueOptions, store?: Store<T>);
  constructor(options: QueueOptions = {}, store: Store<T> = new Fifo()) {
    super("queue", options);
    const { maxSize = Infinity } = options;
    this.maxSize = expectCount("maxSize", maxSize, 1);
    this.#store = store;
  }

  /** How many items are in it. */
  get size(): number {
    return this.#store.size;
  }

  empty(): boolean {
    return this.size === 0;
  }

  full(): boolean {
    return this.size >= this.maxSize;
  }

  /** Puts `item` in; waits while the queue is full. */
  put(item: T, options: WaitOptions = {}): Promise<void> {
    return this.waits<void>(
      options,
      (wait) => (this.tryPut(item) ? void wait.resolve() : this.#putters.add(wait, item)),
      `room in ${this.title}`,
    );
  }

  /** Puts `item` in if there is room; returns whether there was. Throws {@link QueueShutDown} after `shutdown()`. */
  tryPut(item: T): boolean {
    if (this.#shutDown) throw this.#over();
    if (this.full()) return false;
    this.#accept(item);
    return true;
  }

  /** Takes the next item; waits while there is none. */
  get(options: WaitOptions = {}): Promise<T> {
    return this.waits<T>(
      options,
      (wait) => {
        const got = this.tryGet();
        return got ? void wait.resolve(got.value) : this.#getters.add(wait, undefined);
      },
      `an item of ${this.title}`,
    );
  }

  /** Takes the next item if there is one. Throws {@link QueueShutDown} after `shutdown()`, when nothing is left. */
  tryGet(): { readonly value: T } | undefined {
    if (this.size > 0) return { value: this.#take() };
    if (this.#shutDown) throw this.#over();
    return undefined;
  }

  /**
   * Says that an item that was taken is dealt with. Throws `InvalidStateError` (`JOINERY_TOO_MANY_DONE`) if
   * that has been said of all that were put.
   */
  taskDone(): void {
    if (this.#unfinished === 0) {
      const message = `taskDone() was called more often than items were put into ${this.title}.`;
      throw new InvalidStateError("JOINERY_TOO_MANY_DONE", message);
    }
    this.#finish();
  }

  /** Waits until `taskDone()` was called for every item that was put. */
  join(options: WaitOptions = {}): Promise<void> {
    return this.waits<void>(
      options,
      (wait) => (this.#unfinished === 0 ? void wait.resolve() : this.#joiners.add(wait, undefined)),
      `${this.title} to be done`,
    );
  }

  /**
   * Lets nothing in any more. What is in comes out before `get()` rejects; with `immediate` it is thrown away,
   * and counts as done. May be called again, to be immediate after all.
   */
  shutdown(immediate = false): void {
    if (typeof immediate !== "boolean") throw badArgument("immediate", "a boolean", immediate);
    this.#shutDown = true;
    this.#putters.failAll(this.#over());
    this.#getters.failAll(this.#over());
    if (!immediate) return;
    while (this.size > 0) {
      this.#store.take();
      if (this.#unfinished > 0) this.#finish(); // `taskDone()` may have been called for it already
    }
  }

  /** Iterates over the items until the queue is shut down and empty. `taskDone()` is left to the caller. */
  values(options: WaitOptions = {}): AsyncIterableIterator<T> {
    return untilEnd(
      () => this.get(options),
      (error) => error instanceof QueueShutDown,
    );
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.values();
  }

  statistics(): QueueStatistics {
    return {
      size: this.size,
      maxSize: this.maxSize,
      unfinished: this.#unfinished,
      getting: this.#getters.size,
      putting: this.#putters.size,
      shutDown: this.#shutDown,
    };
  }

  #accept(item: T): void {
    const getter = this.#getters.shift();
    if (getter) getter.wait.resolve(item);
    else this.#store.add(item);
    this.#unfinished++;
  }

  /** Takes an item out, and lets in who waits for room. */
  #take(): T {
    const item = this.#store.take();
    while (!this.full() && this.#admitFirst());
    return item;
  }

  #admitFirst(): boolean {
    const putter = this.#putters.shift();
    if (putter === undefined) return false;
    try {
      this.#accept(putter.detail);
      putter.wait.resolve();
    } catch (error) {
      putter.wait.reject(error); // its `compare` threw: that is not the business of the one who gets
    }
    return true;
  }

  #finish(): void {
    this.#unfinished--;
    if (this.#unfinished === 0) this.#joiners.wakeAll(undefined);
  }

  #over(): QueueShutDown {
    return new QueueShutDown(`${this.title} was shut down.`);
  }
}
