/**
 * What a snapshot is made of.
 *
 * D1. All of it is read in one go: it is the tree of one moment, also when its stacks are found later.
 * D2. It holds numbers and text, and no reference to anything of the program's (`wording.ts`, `numbering.ts`).
 * D3. Whatever it has many of has a limit, and what is more is counted (`limits.ts`).
 * D4. What of the program's code it calls may throw, and it goes on (`holdersOf`, `textOf`).
 */

import {
  enclosingTask,
  liveGhosts,
  type LiveGhost,
  statistics,
  type Statistics,
} from "../core/index.ts";
import { type LiveCancellation, liveCancellations } from "./cancellations.ts";
import { latest } from "./loop-watch.ts";
import { type Observation, observed, type Recollection } from "./observe.ts";
import type { TaskName } from "./snapshot-format.ts";
import { readTree, type Tree } from "./tree.ts";
import { type Contention, contentions, readWaits, type Waits } from "./waits.ts";

export interface Survey {
  readonly time: number;
  /** On the clock of `performance.now()`. */
  readonly moment: number;
  readonly observed: Observation | undefined;
  /** What it remembers; nothing, if nobody observes. */
  readonly past: Recollection;
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

const nothing: Recollection = { cancellations: [], failures: [], standstills: [] };

export function survey(): Survey {
  const tree = readTree();
  const waits = readWaits(tree);
  return {
    time: Date.now(),
    moment: performance.now(),
    observed,
    past: observed?.recall() ?? nothing,
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
