/** All that is known at one moment, read in one go: what is described later may be changing already. */

import {
  enclosingTask,
  liveGhosts,
  type LiveGhost,
  statistics,
  type Statistics,
} from "../core/index.ts";
import { type LiveCancellation, liveCancellations } from "./cancellations.ts";
import { latest } from "./loop-watch.ts";
import { type Observation, observed } from "./observe.ts";
import type { TaskName } from "./snapshot-format.ts";
import { readTree, type Tree } from "./tree.ts";
import { type Contention, contentions, readWaits, type Waits } from "./waits.ts";

export interface Survey {
  readonly time: number;
  /** On the clock of `performance.now()`. */
  readonly moment: number;
  readonly observed: Observation | undefined;
  readonly latest: TaskName | null;
  readonly totals: Statistics;
  /** The task that took it. */
  readonly running: number | undefined;
  readonly tree: Tree;
  readonly waits: Waits;
  readonly contentions: readonly Contention[];
  readonly cancellations: readonly LiveCancellation[];
  readonly ghosts: readonly LiveGhost[];
}

export function survey(): Survey {
  const tree = readTree();
  const waits = readWaits(tree);
  return {
    time: Date.now(),
    moment: performance.now(),
    observed,
    latest: latest(),
    totals: statistics(),
    running: enclosingTask()?.id,
    tree,
    waits,
    contentions: contentions(waits),
    cancellations: liveCancellations(tree),
    ghosts: liveGhosts(),
  };
}
