/** What keeps a program from going on, when nobody says which task is meant. */

import type { Snapshot, WarningSnapshot } from "joinery/observe";
import { printable, type Style } from "./style.ts";
import { Tasks, type TaskSnapshot } from "./tasks.ts";
import { standing, WaitChain } from "./wait-chain.ts";

const mostRoots = 10;

/** First what is certainly wrong; if there is nothing of the kind, those whom most others wait for. */
export function* stuckLines(snapshot: Snapshot, style: Style): Generator<string> {
  const tasks = new Tasks(snapshot);
  const { warnings } = snapshot;
  for (const [i, warning] of warnings.entries()) {
    if (i > 0) yield "";
    yield style("red", `! ${printable(warning.text)}`);
    const [first] = startsOf(warning, tasks);
    if (first) yield* new WaitChain(snapshot, style).from(first);
  }
  if (warnings.length === 0) {
    yield "No task waits for itself, and none for what nobody will give back.";
    yield* rootLines(tasks, style);
  }
}

function startsOf({ kind, tasks: ids }: WarningSnapshot, tasks: Tasks): TaskSnapshot[] {
  if (kind === "loop-blocked") return [];
  return ids.flatMap((id) => tasks.get(id) ?? []);
}

function* rootLines(tasks: Tasks, style: Style): Generator<string> {
  const roots = tasks.all
    .filter(({ waits }) => waits.every((wait) => wait.tasks.length === 0))
    .map((task) => ({ task, waiters: waitersFor(task.id, tasks).length }))
    .toSorted((a, b) => b.waiters - a.waiters);
  for (const { task, waiters } of roots.slice(0, mostRoots)) {
    yield (
      `${style("bold", tasks.title(task.id))}  ${standing(task)}` +
      (waiters > 0
        ? ` · ${waiters} ${waiters === 1 ? "waits" : "wait"} for it, or for somebody who does`
        : "")
    );
  }
  if (roots.length > mostRoots) yield `… and ${roots.length - mostRoots} more`;
}

/** All that wait for `id`, directly or not. */
function waitersFor(id: number, tasks: Tasks): number[] {
  const found = new Set([id]);
  for (const at of found) for (const waiter of tasks.waitersFor(at)) found.add(waiter);
  return [...found].slice(1);
}
