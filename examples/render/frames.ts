/** What runs elsewhere: one frame. Caller and workers both import this module. */

import { checkpoint } from "joinery";
import { registerError, remote } from "joinery/executor";
import { PNG } from "pngjs";
import { paintRow, type Size, viewOf } from "./mandelbrot.ts";

export interface Frame extends Size {
  readonly number: number;
  readonly poisoned: boolean;
}

/** What `--fail` is for. Both sides know the class, so it comes back as itself. */
export class PoisonedFrame extends Error {
  override readonly name = "PoisonedFrame";
  readonly frame: number;

  constructor(frame: number) {
    super(`frame ${frame} is poisoned`);
    this.frame = frame;
  }
}
registerError(PoisonedFrame);

/** Pixels to paint in one go: some milliseconds. In between, the process hears what else there is, its cancellation too. */
const slice = 8192;

/** Renders a frame, as a PNG. It may be rendered again if a worker is lost: the picture is the same. */
export const render = remote(
  "render",
  async (frame: Frame, { transfer }) => {
    const view = viewOf(frame.number);
    const picture = new PNG({ width: frame.width, height: frame.height });
    const rows = Math.ceil(slice / frame.width);
    for (let row = 0; row < frame.height; row++) {
      if (row % rows === 0) await checkpoint();
      if (frame.poisoned && row > frame.height / 2) throw new PoisonedFrame(frame.number);
      paintRow(view, frame, row, picture.data);
    }
    const file = new Uint8Array(PNG.sync.write(picture));
    transfer(file.buffer);
    return file;
  },
  { idempotent: true },
);
