/** What can wait in a line: it is in one at most, and knows its neighbours. */
export interface Waiting<T> {
  before: T | undefined;
  behind: T | undefined;
}

/** First come, first served, and anybody can leave at any time. */
export class WaitingLine<T extends Waiting<T>> {
  #first: T | undefined;
  #last: T | undefined;

  push(item: T): void {
    item.before = this.#last;
    if (this.#last) this.#last.behind = item;
    else this.#first = item;
    this.#last = item;
  }

  shift(): T | undefined {
    const first = this.#first;
    if (first) this.withdraw(first);
    return first;
  }

  /** Takes an item out. Returns `false` if it is not in. */
  withdraw(item: T): boolean {
    const { before, behind } = item;
    if (before === undefined && this.#first !== item) return false;
    if (before) before.behind = behind;
    else this.#first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
    item.before = item.behind = undefined;
    return true;
  }
}
