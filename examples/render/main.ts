/** A zoom into the Mandelbrot set, frame by frame: the same program in this process, in threads, in other processes. */

import { mkdir } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { exceptStar, isCancelled, on, run } from "joinery";
import { renderFilm } from "./film.ts";
import { type Frame, PoisonedFrame } from "./frames.ts";
import type { Open } from "./on/place.ts";
import { liveTree, progressBar } from "./progress.ts";
import { parseRequest, type Request } from "./request.ts";

/** The only thing that differs. It is loaded when it is chosen: the others need not be installed. */
async function openPlace({ on: place, workers }: Request): ReturnType<Open> {
  const { open } = (await import(`./on/${place}.js`)) as { open: Open };
  return open(workers);
}

/** Renders what is asked for. Resolves with the exit code. */
async function render(request: Request, signal: AbortSignal): Promise<number> {
  const cancelled = new Promise<number>((tell) => {
    signal.addEventListener("abort", () => tell(performance.now()), { once: true });
  });
  let finished = 0;
  const summary = (): string => `${finished} of ${request.frames} frames are in ${request.out}.`;
  try {
    await using place = await openPlace(request);
    await mkdir(request.out, { recursive: true });
    const { processes } = place;
    if (processes.length > 0) console.log(`workers: ${processes.join(", ")}`);
    const progress = (request.tree ? liveTree : progressBar)(request.frames);
    await renderFilm(place.executor, {
      frames: framesOf(request),
      folder: request.out,
      concurrency: 2 * request.workers, // the next frame waits at the worker already
      done: () => progress.update(++finished),
    }).finally(() => progress.stop());
    console.log(summary());
    return 0;
  } catch (error) {
    if (isCancelled(error)) {
      const waited = ((performance.now() - (await cancelled)) / 1000).toFixed(1);
      console.log(`Stopped after ${waited} s, nothing goes on anywhere. ${summary()}`);
      throw error;
    }
    await exceptStar(
      error,
      on(PoisonedFrame, ({ errors: [poisoned] }) => {
        const where = (poisoned as { notes?: string[] }).notes?.join(", ");
        console.log(
          `Stopped: ${poisoned?.message} (${where}), nothing goes on anywhere. ${summary()}`,
        );
      }),
    );
    return 1;
  }
}

function framesOf({ frames, width, fail }: Request): Frame[] {
  const height = Math.ceil((width * 9) / 16);
  const poisoned = fail ? Math.floor(frames / 2) : -1;
  return Array.from({ length: frames }, (_, number) => ({
    number,
    width,
    height,
    poisoned: number === poisoned,
  }));
}

const request = parseRequest(process.argv.slice(2));
if (typeof request === "string") {
  console.error(request);
  process.exitCode = 2;
} else {
  process.exitCode = await run(({ signal }) => render(request, signal));
}
