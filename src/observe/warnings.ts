/** What looks wrong in a tree. */

import type { LiveGhost } from "../core/index.ts";
import type { LiveCancellation } from "./cancellations.ts";
import type { WarningSnapshot } from "./snapshot-format.ts";
import { titleOf, type Tree, type TreeNode } from "./tree.ts";
import { describeCycle, waitCycles } from "./wait-cycles.ts";
import type { Contention, Waits } from "./waits.ts";
import { clip, duration } from "./wording.ts";

/** What a cancellation may take, in ms: the default of the option `grace`. */
const patience = 5000;
const oldGhost = 30_000;

export interface Findings {
  readonly tree: Tree;
  readonly waits: Waits;
  readonly contentions: readonly Contention[];
  readonly cancellations: readonly LiveCancellation[];
  readonly ghosts: readonly LiveGhost[];
}

/** What is most likely the cause of a standstill comes first. */
export function warningsAbout(findings: Findings): WarningSnapshot[] {
  return [
    ...cycles(findings),
    ...lostWaiters(findings),
    ...resisters(findings),
    ...oldGhosts(findings),
  ];
}

function cycles({ tree, waits }: Findings): WarningSnapshot[] {
  return waitCycles(tree, waits).map((cycle) => ({
    kind: "wait-cycle",
    text: `Wait for each other: ${describeCycle(cycle)}`,
    tasks: cycle.map(({ task }) => task.live.id),
  }));
}

/** Waits for what nobody has who could give it back. */
function lostWaiters({ tree, contentions }: Findings): WarningSnapshot[] {
  return contentions.flatMap(({ resource, holders, waiters }) => {
    if (holders === undefined || holders.some((id) => tree.has(id))) return [];
    const why = holders.length === 0 ? "nobody holds it" : "its holders are over";
    const text = `${names(tree, waiters)} for ${resource.kind} "${resource.name}", and ${why}`;
    return [{ kind: "lost-waiter", text, tasks: waiters }];
  });
}

/** `task "a" waits`, `task "a" and 2 more wait`. */
function names(tree: Tree, tasks: readonly number[]): string {
  const first = titleOf(tree.get(tasks[0] as number) as TreeNode);
  return tasks.length === 1 ? `${first} waits` : `${first} and ${tasks.length - 1} more wait`;
}

/** Tasks that have not ended, and wait for no other one that has not. */
function resisters({ tree, cancellations, waits }: Findings): WarningSnapshot[] {
  return cancellations.flatMap(({ error, age, pending }) => {
    const isPending = (id: number): boolean => pending.has(tree.get(id) as TreeNode);
    const isHeldUp = (task: TreeNode): boolean =>
      (waits.get(task) ?? []).some(({ tasks }) => tasks?.some(isPending));
    const late = age > patience ? [...pending].filter(([task]) => !isHeldUp(task)) : [];
    return late.map(([task, timesTold]) => ({
      kind: "resists-cancel",
      text:
        `${titleOf(task)} is not over ${duration(age)} after its cancellation` +
        `${timesTold > 1 ? ", which it caught" : ""}: ${clip(error.message)}`,
      tasks: [task.live.id],
    }));
  });
}

function oldGhosts({ ghosts }: Findings): WarningSnapshot[] {
  return ghosts
    .filter(({ age }) => age > oldGhost)
    .map(({ label, age, scope }) => ({
      kind: "old-ghost",
      text: `${label}, which ${scope.kind} "${scope.name}" left behind ${duration(age)} ago, has not settled`,
      tasks: [],
    }));
}
