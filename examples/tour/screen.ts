/** Where the tour is shown: lines, and below them a picture that is drawn anew while it changes. */

import { coloured, plain, type Paint } from "./style.ts";

/** What a screen needs of `process.stdout`. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  hasColors?(): boolean;
}

/** The highest picture of the tour has to fit, or moving up to its first line would not get there. */
const leastRows = 20;
const leastColumns = 60;
const mostColumns = 120;

export class Screen {
  readonly width: number;
  readonly paint: Paint;
  /** Whether a picture can be drawn in the place of another. */
  readonly redraws: boolean;
  readonly #output: Output;
  #picture: readonly string[] = [];

  constructor(output: Output, options: { plain: boolean }) {
    const { columns = 80, rows = 0 } = output;
    const terminal = output.isTTY === true && !options.plain && process.env["TERM"] !== "dumb";
    this.#output = output;
    this.width = Math.min(Math.max(columns, leastColumns), mostColumns);
    this.paint = terminal && output.hasColors?.() ? coloured : plain;
    this.redraws = terminal && columns >= leastColumns && rows >= leastRows;
  }

  /** Prints lines, above the picture if there is one. */
  print(...lines: string[]): void {
    this.#replace([...lines, ...this.#picture], this.#picture);
  }

  /** Draws the picture below the lines, in the place of the one before. */
  draw(lines: readonly string[]): void {
    this.#replace(lines, lines);
  }

  /** The picture stays as it is now. */
  keep(): void {
    this.#picture = [];
  }

  #replace(lines: readonly string[], picture: readonly string[]): void {
    const back = this.#picture.length > 0 ? `\x1b[${this.#picture.length}A\x1b[0J` : "";
    this.#picture = picture;
    this.#output.write(back + lines.map((line) => `${line}\n`).join(""));
  }
}
