/** The last few of what may be many. */
export class Ring<T> {
  readonly #limit: number;
  #items: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length >= 2 * this.#limit) this.#items = this.#items.slice(-this.#limit);
  }

  /** The latest first. */
  latest(): T[] {
    return this.#items.slice(-this.#limit).toReversed();
  }
}
