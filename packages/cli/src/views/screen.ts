/** The lower end of a terminal, which is drawn again and again below what was written. */

import type { WriteStream } from "node:tty";
import { createLogUpdate } from "log-update";
import type { Room } from "./live-tree.ts";

export class Screen {
  readonly #stream: WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  #picture = "";
  /** The line that has been begun and not ended: it is drawn with the picture. */
  #line = "";

  constructor(stream: WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(stream);
  }

  get room(): Room {
    const { columns, rows } = this.#stream;
    return { columns, rows };
  }

  draw(picture: string): void {
    this.#picture = picture;
    this.#show();
  }

  /** Writes output of a program above the picture. */
  write(text: string): void {
    const [last = "", ...complete] = (this.#line + text).split("\n").toReversed();
    this.#line = last;
    if (complete.length > 0) {
      this.#update.clear();
      this.#stream.write(`${complete.toReversed().join("\n")}\n`);
    }
    this.#show();
  }

  /** Takes the picture away; what was written stays. */
  close(): void {
    this.#update.clear();
    this.#update.done();
    this.#stream.write(this.#line);
  }

  #show(): void {
    this.#update(this.#line === "" ? this.#picture : `${this.#line}\n${this.#picture}`);
  }
}
