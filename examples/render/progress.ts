/** How far the film is, for whoever looks on. */

import { SingleBar } from "cli-progress";
import { snapshot, treeText } from "joinery/observe";

export interface Progress {
  /** So many frames are done. */
  update(finished: number): void;
  stop(): void;
}

/** A bar; without a terminal there is none. */
export function progressBar(frames: number): Progress {
  const bar = new SingleBar({ format: "{bar} {value} of {total} frames, {eta_formatted} left" });
  bar.start(frames, 0);
  return bar;
}

const everyMs = 500;

/** The tree of this process, again and again: what is under way, and where. */
export function liveTree(frames: number): Progress {
  let finished = 0;
  const timer = setInterval(() => {
    const text = treeText(snapshot(), { width: process.stdout.columns ?? 120, lines: 40 });
    console.log(`\n${finished} of ${frames} frames\n${text}`);
  }, everyMs);
  return {
    update: (count) => void (finished = count),
    stop: () => clearInterval(timer),
  };
}
