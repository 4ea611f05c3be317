/** What looks wrong in a tree. */

import type { WarningSnapshot } from "./snapshot-format.ts";
import type { Survey } from "./survey.ts";
import { titleOf, type Tree, type TreeNode } from "./tree.ts";
import { describeCycle, waitCycles } from "./wait-cycles.ts";
import { waitsAt } from "./waits.ts";
import { clip, duration } from "./wording.ts";

/** What a cancellation may take, in ms: the default of the option `grace`. */
const patience = 5000;
const oldGhost = 30_000;
/** For how long it is news that the event loop stood still. */
const recent = 60_000;

/** What is most likely the cause of a standstill comes first. */
export function warningsAbout(survey: Survey): WarningSnapshot[] {
  return [
    ...cycles(survey),
    ...lostWaiters(survey),
    ...resisters(survey),
    ...oldGhosts(survey),
    ...standstills(survey),
  ];
}

function cycles({ tree, waits }: Survey): WarningSnapshot[] {
  return waitCycles(tree, waits).map((cycle) => ({
    kind: "wait-cycle",
    text: `Wait for each other: ${describeCycle(cycle)}`,
    tasks: cycle.map(({ task }) => task.live.id),
  }));
}

/** Waits for what only tasks have that are over, and will not give it back. */
function lostWaiters({ tree, contentions }: Survey): WarningSnapshot[] {
  return contentions.flatMap(({ resource, holders, waiters }) => {
    // Without any, somebody else may have it: code outside of tasks.
    if (!holders?.length || holders.some((id) => tree.has(id))) return [];
    const what = `${clip(resource.kind)} "${clip(resource.name)}"`;
    const text = `${names(tree, waiters)} for ${what}, and its holders are over`;
    return [{ kind: "lost-waiter", text, tasks: waiters }];
  });
}

/** `task "a" waits`, `task "a" and 2 more wait`. */
function names(tree: Tree, tasks: readonly number[]): string {
  const first = titleOf(tree.get(tasks[0] as number) as TreeNode);
  return tasks.length === 1 ? `${first} waits` : `${first} and ${tasks.length - 1} more wait`;
}

/** Tasks that have not ended, and wait for no other one that has not. */
function resisters({ tree, cancellations, waits }: Survey): WarningSnapshot[] {
  return cancellations.flatMap(({ error, age, pending }) => {
    const isPending = (id: number): boolean => pending.has(tree.get(id) as TreeNode);
    const isHeldUp = (task: TreeNode): boolean =>
      waitsAt(task, waits).some(({ tasks }) => tasks?.some(isPending));
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

function oldGhosts({ ghosts }: Survey): WarningSnapshot[] {
  return ghosts
    .filter(({ age }) => age > oldGhost)
    .map(({ label, age, scope }) => ({
      kind: "old-ghost",
      text: `${clip(label)}, which ${scope.kind} "${clip(scope.name)}" left behind ${duration(age)} ago, has not settled`,
      tasks: [],
    }));
}

function standstills({ past, moment }: Survey): WarningSnapshot[] {
  const late = past.standstills.filter(({ end }) => moment - end < recent);
  return late.map(({ ms, task }) => ({
    kind: "loop-blocked",
    text:
      `The event loop stood still for ${duration(ms)}` +
      (task ? `; the last to go on was task "${task.name}"` : ""),
    tasks: task ? [task.id] : [],
  }));
}
