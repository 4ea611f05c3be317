/** The program that the cluster shows: frames of a film, each of which takes its time. */

import { sleep, taskGroup } from "joinery";
import { type Executor, remote, type RemoteFunction } from "joinery/executor";

interface Frame {
  readonly number: number;
  /** Milliseconds. */
  readonly takes: number;
  readonly poisoned: boolean;
}

export const render: RemoteFunction<Frame, string> = remote(
  "render",
  async ({ number, takes, poisoned }: Frame, { signal }) => {
    await sleep(takes, { signal });
    if (poisoned) throw new RangeError(`frame ${number} is poisoned`);
    return `frame ${number}`;
  },
  { idempotent: true },
);

export interface Film {
  readonly frames: number;
  readonly concurrency: number;
  /** Whether one of the frames, in the middle, throws. */
  readonly fail: boolean;
  /** Called after each frame. */
  readonly progress: (done: number) => void;
}

/** Renders them all. Resolves with how many there are. */
export async function renderFilm(executor: Executor, film: Film): Promise<number> {
  const { frames, concurrency, fail, progress } = film;
  let done = 0;
  await taskGroup(
    (group) => {
      for (let number = 1; number <= frames; number++) {
        const poisoned = fail && number === Math.ceil(frames / 2);
        const frame = { number, takes: 1000 + ((number * 379) % 3000), poisoned };
        group.createTask(
          async () => {
            await executor.call(render, frame);
            progress(++done);
          },
          { name: `frame ${number}` },
        );
      }
    },
    { name: "film", concurrency },
  );
  return done;
}
