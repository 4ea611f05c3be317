/**
 * All timers of one clock, on a single timer of the host.
 *
 * T1. A timer never fires before it is due.
 * T2. Timers of the same length that were set in the same turn of the event loop fire together:
 *     in one callback, without a microtask between them. Two `sleep(100)` that are called a few
 *     microseconds apart may fall on both sides of a millisecond; a group must still see both fail.
 * T3. Otherwise due times are rounded up to the next millisecond (as asyncio does it), and all that
 *     are due fire together, in order of their due time, then of their creation.
 * T4. A timer that was taken out leaves nothing behind; without timers there is no host timer.
 *
 * Setting and taking out is O(1) among timers of one length and turn, O(log n) among different ones.
 */

import { nextTurn, type Clock } from "./clock.ts";
import type { Scheduler } from "./scheduler.ts";

/** Something that waits for a time. Is in one bucket, or in none. */
export interface Timer {
  bucket: Bucket | undefined;
  earlier: Timer | undefined;
  later: Timer | undefined;
  fire(): void;
}

/** Timers that fire together. */
export class Bucket {
  due: number;
  readonly order: number;
  position = -1;
  first: Timer | undefined;
  last: Timer | undefined;

  constructor(due: number, order: number) {
    this.due = due;
    this.order = order;
  }

  isBefore(other: Bucket): boolean {
    return this.due < other.due || (this.due === other.due && this.order < other.order);
  }

  append(timer: Timer): void {
    timer.bucket = this;
    timer.earlier = this.last;
    if (this.last) this.last.later = timer;
    else this.first = timer;
    this.last = timer;
  }

  remove(timer: Timer): void {
    if (timer.earlier) timer.earlier.later = timer.later;
    else this.first = timer.later;
    if (timer.later) timer.later.earlier = timer.earlier;
    else this.last = timer.earlier;
    timer.bucket = timer.earlier = timer.later = undefined;
  }
}

let set = 0;

/** How many timers are set, on all clocks. */
export function timerCount(): number {
  return set;
}

export class Timers {
  readonly clock: Clock;
  /** Whoever decides when those go on that are woken, by a timer or by somebody else. */
  readonly scheduler: Scheduler | undefined;
  /** A binary heap: the bucket that is due first stands at the front. */
  readonly #heap: Bucket[] = [];
  /** The buckets of this turn, by length (T2). */
  readonly #thisTurn = new Map<number, Bucket>();
  #created = 0;
  #hostTimer: unknown;
  #hostIsSet = false;
  #hostDue = Infinity;

  constructor(clock: Clock, scheduler?: Scheduler) {
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /** Fires `timer` in `ms`, together with the others of that length of this turn. */
  setAfter(ms: number, timer: Timer): void {
    const due = Math.ceil(this.clock.now() + ms);
    let bucket = this.#thisTurn.get(ms);
    if (bucket === undefined || bucket.position < 0) {
      if (this.#thisTurn.size === 0) nextTurn(() => this.#thisTurn.clear());
      this.#thisTurn.set(ms, (bucket = this.#newBucket(due)));
    } else if (due > bucket.due) {
      bucket.due = due; // T1 for the latest of them
      this.#sink(bucket);
    }
    this.#add(timer, bucket);
  }

  /** Fires `timer` at the time `when` of the clock. */
  setAt(when: number, timer: Timer): void {
    this.#add(timer, this.#newBucket(Math.ceil(when)));
  }

  /** Takes `timer` out. Does nothing if it is not set. */
  clear(timer: Timer): void {
    const { bucket } = timer;
    if (bucket === undefined) return;
    bucket.remove(timer);
    set--;
    if (bucket.first === undefined) this.#removeBucket(bucket);
    if (this.#heap.length === 0) this.#stopHostTimer();
  }

  #add(timer: Timer, bucket: Bucket): void {
    bucket.append(timer);
    set++;
    this.#startHostTimer();
  }

  #fireDue(): void {
    this.#hostIsSet = false;
    const now = this.clock.now();
    for (let next = this.#heap[0]; next && next.due <= now; next = this.#heap[0]) {
      const timer = next.first as Timer;
      this.clear(timer);
      timer.fire();
    }
    this.#startHostTimer();
  }

  #startHostTimer(): void {
    const next = this.#heap[0];
    // A host timer that comes too early finds nothing due and starts the next one.
    if (next === undefined || (this.#hostIsSet && this.#hostDue <= next.due)) return;
    this.#stopHostTimer();
    this.#hostIsSet = true;
    this.#hostDue = next.due;
    const delay = Math.max(0, Math.ceil(next.due - this.clock.now()));
    this.#hostTimer = this.clock.setTimeout(() => this.#fireDue(), delay);
  }

  #stopHostTimer(): void {
    if (!this.#hostIsSet) return;
    this.#hostIsSet = false;
    this.clock.clearTimeout(this.#hostTimer);
  }

  #newBucket(due: number): Bucket {
    const bucket = new Bucket(due, this.#created++);
    this.#place(bucket, this.#heap.length);
    this.#rise(bucket);
    return bucket;
  }

  #removeBucket(bucket: Bucket): void {
    const last = this.#heap.pop() as Bucket;
    if (last !== bucket) {
      this.#place(last, bucket.position);
      this.#rise(last);
      this.#sink(last);
    }
    bucket.position = -1;
  }

  #place(bucket: Bucket, position: number): void {
    this.#heap[position] = bucket;
    bucket.position = position;
  }

  #rise(bucket: Bucket): void {
    while (bucket.position > 0) {
      const above = this.#heap[(bucket.position - 1) >> 1] as Bucket;
      if (!bucket.isBefore(above)) return;
      this.#swap(bucket, above);
    }
  }

  #sink(bucket: Bucket): void {
    for (;;) {
      const left = this.#heap[2 * bucket.position + 1];
      const right = this.#heap[2 * bucket.position + 2];
      const below = right && left && right.isBefore(left) ? right : left;
      if (below === undefined || !below.isBefore(bucket)) return;
      this.#swap(below, bucket);
    }
  }

  #swap(upper: Bucket, lower: Bucket): void {
    const { position } = upper;
    this.#place(upper, lower.position);
    this.#place(lower, position);
  }
}
