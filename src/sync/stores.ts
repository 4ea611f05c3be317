/** What a queue keeps its items in. `take()` is asked only when there is one. */

export interface Store<T> {
  readonly size: number;
  add(item: T): void;
  take(): T;
}

/** First in, first out. */
export class Fifo<T> implements Store<T> {
  readonly #items: (T | undefined)[] = [];
  /** Where the first one is: taking the first out of an array would move all the others. */
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    const item = this.#items[this.#head] as T;
    this.#items[this.#head++] = undefined;
    if (this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}

/** Last in, first out. */
export class Lifo<T> implements Store<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    return this.#items.pop() as T;
  }
}

interface Ranked<T> {
  readonly item: T;
  /** Of two that compare equal, the one that came first comes out first. */
  readonly arrival: number;
}

/** The least one first: a binary heap. It looks first and moves then, so that a `compare` that throws changes nothing. */
export class Heap<T> implements Store<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #heap: Ranked<T>[] = [];
  #arrivals = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(item: T): void {
    const added = { item, arrival: this.#arrivals++ };
    const path = [this.#heap.length];
    for (let at = this.#heap.length; at > 0;) {
      at = (at - 1) >> 1;
      if (!this.#before(added, this.#at(at))) break;
      path.push(at);
    }
    this.#move(path, added);
  }

  take(): T {
    const first = this.#at(0);
    const end = this.#heap.length - 1;
    const last = this.#at(end);
    const path = [0];
    for (let at = this.#lesserChild(0, end); at < end; at = this.#lesserChild(at, end)) {
      if (!this.#before(this.#at(at), last)) break;
      path.push(at);
    }
    this.#move(path, last);
    this.#heap.length = end;
    return first.item;
  }

  /** Moves each on the path one place back, to where the one before it stood, and puts `ranked` at its end. */
  #move(path: readonly number[], ranked: Ranked<T>): void {
    for (let i = 1; i < path.length; i++) {
      this.#heap[path[i - 1] as number] = this.#at(path[i] as number);
    }
    this.#heap[path.at(-1) as number] = ranked;
  }

  /** The lesser of the two below `at`, of those before `end`; `end` or more if there is none. */
  #lesserChild(at: number, end: number): number {
    const left = 2 * at + 1;
    const right = left + 1;
    return right < end && this.#before(this.#at(right), this.#at(left)) ? right : left;
  }

  #at(index: number): Ranked<T> {
    return this.#heap[index] as Ranked<T>;
  }

  #before(a: Ranked<T>, b: Ranked<T>): boolean {
    const order = this.#compare(a.item, b.item);
    return order < 0 || (order === 0 && a.arrival < b.arrival);
  }
}
