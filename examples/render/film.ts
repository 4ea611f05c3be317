/** The film: all frames, on whatever executor. This is the whole of the concurrency in the program. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { taskGroup } from "joinery";
import type { Executor } from "joinery/executor";
import { type Frame, render } from "./frames.ts";

export interface Film {
  readonly frames: readonly Frame[];
  readonly folder: string;
  /** How many frames are under way at once. */
  readonly concurrency: number;
  /** Told of each frame that is in the folder. */
  readonly done: (frame: Frame) => void;
}

export async function renderFilm(executor: Executor, film: Film): Promise<void> {
  await taskGroup(
    (group) => {
      for (const frame of film.frames)
        group.createTask(
          async () => {
            const file = await executor.call(render, frame);
            await writeFile(join(film.folder, fileName(frame)), file);
            film.done(frame);
          },
          { name: `frame ${frame.number}` },
        );
    },
    { name: "film", concurrency: film.concurrency },
  );
}

function fileName({ number }: Frame): string {
  return `frame-${String(number).padStart(4, "0")}.png`;
}
