/** Which part of the time is in view. */

import { ticks } from "d3-array";

export interface Transform {
  /** How many times larger than all of it. */
  readonly k: number;
  /** By how many pixels it is moved. */
  readonly x: number;
}

export const whole: Transform = { k: 1, x: 0 };

export class ViewPort {
  readonly #begin: number;
  readonly #length: number;
  readonly #width: number;
  readonly #transform: Transform;

  constructor([begin, end]: readonly [number, number], width: number, transform: Transform) {
    this.#begin = begin;
    this.#length = Math.max(1, end - begin);
    this.#width = Math.max(1, width);
    this.#transform = transform;
  }

  xOf(at: number): number {
    const { k, x } = this.#transform;
    return ((at - this.#begin) / this.#length) * this.#width * k + x;
  }

  timeAt(x: number): number {
    const { k, x: moved } = this.#transform;
    return this.#begin + ((x - moved) / (this.#width * k)) * this.#length;
  }

  /** From the left to the right edge. */
  get visible(): readonly [from: number, to: number] {
    return [this.timeAt(0), this.timeAt(this.#width)];
  }

  /** Round times since the beginning, with where they stand. */
  ticks(): { readonly x: number; readonly label: string }[] {
    const [from, to] = this.visible.map((at) => at - this.#begin) as [number, number];
    const times = ticks(from, to, Math.max(2, Math.floor(this.#width / 110)));
    const unit = to - from < 2000 ? "ms" : "s";
    return times
      .filter((ms) => ms >= 0)
      .map((ms) => ({
        x: this.xOf(this.#begin + ms),
        label: unit === "ms" ? `${round(ms)} ms` : `${round(ms / 1000)} s`,
      }));
  }
}

function round(n: number): string {
  return String(Math.round(n * 1000) / 1000);
}
