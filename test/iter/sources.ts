/** Sources that keep account of what is done to them, and loops that write down what they get. */

import { sleep } from "joinery";

/** The numbers from 0, up to `length`; each takes `ms` when that is not 0. */
export class Numbers implements AsyncIterable<number> {
  opened = 0;
  pulled = 0;
  closed = 0;
  /** Pulls that are under way, and the most there were at once. */
  pulling = 0;
  mostPulling = 0;
  readonly #length: number;
  readonly #ms: number;

  constructor(length = Infinity, ms = 0) {
    this.#length = length;
    this.#ms = ms;
  }

  [Symbol.asyncIterator](): AsyncIterator<number> {
    this.opened++;
    return {
      next: () => this.#next(),
      return: async () => {
        this.closed++;
        return { done: true, value: undefined };
      },
    };
  }

  async #next(): Promise<IteratorResult<number>> {
    this.mostPulling = Math.max(this.mostPulling, ++this.pulling);
    try {
      if (this.#ms > 0) await sleep(this.#ms);
      if (this.pulled >= this.#length) return { done: true, value: undefined };
      return { done: false, value: this.pulled++ };
    } finally {
      this.pulling--;
    }
  }
}

/** A mapper that takes as many milliseconds as its item says, which is its result. */
export async function sleepFor(ms: number): Promise<number> {
  await sleep(ms);
  return ms;
}

/** All that a loop gets. */
export async function collect<T>(loop: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const item of loop) got.push(item);
  return got;
}

export const caught = (error: unknown): unknown => error;
