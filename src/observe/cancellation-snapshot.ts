/** The cancellations of a snapshot: of the tree, and of what is remembered. */

import { type LiveCancellation, wordsOf } from "./cancellations.ts";
import { type PastCancellation, taskName } from "./history.ts";
import { beyond } from "./limits.ts";
import type { CancellationSnapshot, TaskName } from "./snapshot-format.ts";
import type { Survey } from "./survey.ts";
import { pathTo } from "./tree.ts";

export function describeCancellations(
  { cancellations, past: { cancellations: remembered }, moment }: Survey,
  limit: number,
): CancellationSnapshot[] {
  const past = new Map(remembered.map((each) => [each.id, each]));
  const live = cancellations.map((each) => describeLive(each, past, limit));
  for (const { id } of live) past.delete(id);
  return [...live, ...[...past.values()].map((each) => describePast(each, moment, limit))];
}

function describeLive(
  { error, age, origin, pending }: LiveCancellation,
  past: ReadonlyMap<number, PastCancellation>,
  limit: number,
): CancellationSnapshot {
  const words = wordsOf(error);
  const tasks = [...pending].map(([{ live }, timesTold]) => ({ id: live.id, timesTold }));
  const swallowed = new Map<number, TaskName>();
  for (const task of past.get(words.id)?.swallowed ?? []) swallowed.set(task.id, task);
  for (const [{ live }, timesTold] of pending)
    if (timesTold > 1) swallowed.set(live.id, taskName(live));
  return {
    ...words,
    origin: origin?.live.id ?? null,
    path: origin ? pathTo(origin) : null,
    age,
    pending: tasks.slice(0, limit),
    pendingOmitted: beyond(tasks, limit),
    swallowed: [...swallowed.values()].slice(0, limit),
  };
}

function describePast(
  { at, swallowed, ...words }: PastCancellation,
  moment: number,
  limit: number,
): CancellationSnapshot {
  const over = { pending: [], pendingOmitted: 0, swallowed: swallowed.slice(0, limit) };
  return { ...words, age: moment - at, ...over };
}
