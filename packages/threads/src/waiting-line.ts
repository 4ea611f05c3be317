/** First come, first served, and anybody can leave at any time. */
export class WaitingLine<T> {
  readonly #items = new Set<T>();
  /** Goes on where it was: a new iterator would step over all that have left. */
  #order = this.#items.values();

  push(item: T): void {
    this.#items.add(item);
  }

  shift(): T | undefined {
    let next = this.#order.next();
    if (next.done) next = (this.#order = this.#items.values()).next();
    if (next.done) return undefined;
    this.#items.delete(next.value);
    return next.value;
  }

  /** Takes an item out. Returns `false` if it is not in. */
  withdraw(item: T): boolean {
    return this.#items.delete(item);
  }
}
