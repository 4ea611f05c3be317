/**
 * The queue under all primitives: who waits, in order of arrival.
 *
 * Q1. First come, first served. The first one is woken, or all of them in order.
 * Q2. What a waiter is woken for is handed over with the wake-up: between that and the step that it
 *     leads to, nobody can take it away. So nobody barges in, and nobody has to look again.
 * Q3. Whoever is cancelled is out of the queue in the same moment, in O(1) from anywhere. Whoever is
 *     in it still waits: what is handed over is never lost.
 * Q4. A woken waiter keeps what it has got, also when it is cancelled before it goes on (W3), and passes
 *     it on as every holder does: by giving it back.
 */

import type { Parked } from "../core/index.ts";
import { append, elements, remove } from "../core/linked.ts";

/** One who waits, with what the primitive has to know about it. */
class Waiter<T, D> {
  readonly wait: Parked<T>;
  readonly detail: D;
  previous: Waiter<T, D> | undefined;
  following: Waiter<T, D> | undefined;

  constructor(wait: Parked<T>, detail: D) {
    this.wait = wait;
    this.detail = detail;
  }
}

export class WaitQueue<T, D = undefined> {
  #first: Waiter<T, D> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts `wait` at the end; returns what takes it out again. */
  add(wait: Parked<T>, detail: D): () => void {
    const waiter = new Waiter(wait, detail);
    this.#first = append(this.#first, waiter);
    this.#size++;
    return () => this.#remove(waiter);
  }

  /** Takes the first one out, to be woken. */
  shift(): { readonly wait: Parked<T>; readonly detail: D } | undefined {
    const first = this.#first;
    if (first) this.#remove(first);
    return first;
  }

  wakeAll(value: T): void {
    for (let first = this.shift(); first; first = this.shift()) first.wait.resolve(value);
  }

  /** Sends all away, or those with such a detail. */
  failAll(error: Error, which: (detail: D) => boolean = () => true): void {
    for (const waiter of elements(this.#first)) {
      if (!which(waiter.detail)) continue;
      this.#remove(waiter);
      waiter.wait.reject(error);
    }
  }

  #remove(waiter: Waiter<T, D>): void {
    this.#first = remove(this.#first, waiter);
    this.#size--;
  }
}
