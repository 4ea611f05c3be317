/**
 * When scopes were opened. Numbers grow with time: so it is enough to note with which number each
 * turn of the event loop began, and of short turns one in a millisecond. A scope costs no entry of its own, and need not be taken out when it closes.
 */

/** Entries that are kept before it is looked which of them are still needed. */
const roomy = 4096;

export class BirthTimes {
  /** The number of the first scope of a turn, and that time on the scope's clock. */
  #entries: { readonly first: number; readonly at: number }[] = [];
  #room = roomy;
  readonly #living: () => Iterable<number>;

  /** `living` gives the numbers of the scopes that are open, in any order. */
  constructor(living: () => Iterable<number>) {
    this.#living = living;
  }

  /** The scope `id` opens, the first one of a turn. */
  note(id: number, at: number): void {
    this.#entries.push({ first: id, at });
    if (this.#entries.length > this.#room) this.#clear();
  }

  /** The time at which the scope `id` opened, to the turn; `undefined` if that was before the first note. */
  of(id: number): number | undefined {
    return this.#entries[this.#indexFor(id)]?.at;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The last entry that began with `id` or before. */
  #indexFor(id: number): number {
    let low = 0;
    for (let high = this.#entries.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as { first: number }).first <= id) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Keeps what is needed for the living, and the last entry. */
  #clear(): void {
    const needed = new Set([this.#entries.length - 1]);
    for (const id of this.#living()) needed.add(this.#indexFor(id));
    this.#entries = this.#entries.filter((_, index) => needed.has(index));
    this.#room = Math.max(roomy, 2 * this.#entries.length);
  }
}
