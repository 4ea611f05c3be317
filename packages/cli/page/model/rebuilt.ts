/** The tree of a moment, from what was recorded: where there is no snapshot of it. */

import type { ResourceSnapshot, ScopeSnapshot, Snapshot, WaitSnapshot } from "joinery/observe";
import type { History } from "./history.ts";
import { type Life, livedAt } from "./life.ts";

export function rebuilt(history: History, at: number, runtime: string): Snapshot {
  const scopes: ScopeSnapshot[] = [];
  const pending = history
    .roots()
    .map((life) => ({ life, depth: 0 }))
    .toReversed();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { life, depth } = next;
    if (!livedAt(life, at)) continue;
    scopes.push(scopeAt(life, at, depth));
    for (const child of history.childrenOf(life.id).toReversed())
      pending.push({ life: child, depth: depth + 1 });
  }
  const tasks = scopes.filter(({ kind }) => kind === "task").length;
  return {
    formatVersion: 1,
    pid: null,
    runtime,
    time: at,
    observedFor: at - history.begin,
    latest: null,
    totals: { tasks, scopes: scopes.length, timers: 0, listeners: 0, ghosts: 0 },
    scopes,
    resources: resourcesAt(scopes, history, at),
    ghosts: [],
    cancellations: [],
    failures: [],
    loop: null,
    warnings: [],
    omitted: { scopes: 0, resources: 0, ghosts: 0, cancellations: 0, warnings: 0 },
  };
}

function scopeAt(life: Life, at: number, depth: number): ScopeSnapshot {
  const { id, kind, name, parent, host, openedAt } = life;
  const waits = life.waits.filter(({ from, to }) => from <= at && (to === null || to >= at));
  return {
    id,
    kind,
    name,
    parent,
    host,
    depth,
    state: stateAt(life, at, waits.length > 0),
    background: false,
    age: openedAt === null ? null : at - openedAt,
    timeLeft: null,
    cancellation:
      life.marks.findLast((mark) => mark.what !== "raised" && mark.at <= at)?.about ?? null,
    absorbs: false,
    waits: waits.map(({ from, wait }): WaitSnapshot => {
      const { kind: waitKind, label, resource, tasks } = wait;
      const place = { scope: id, kind: waitKind, label, resource: resource?.id ?? null };
      return { ...place, tasks, tasksOmitted: 0, timeLeft: null, age: at - from, stack: null };
    }),
    waitsOmitted: 0,
    createdAt: null,
    refusedAt: null,
  };
}

function stateAt(life: Life, at: number, isWaiting: boolean): ScopeSnapshot["state"] {
  if (life.kind !== "task") return "open";
  if (life.startedAt !== null && life.startedAt > at) return "new";
  if (life.marks.some((mark) => mark.what !== "raised" && mark.at <= at)) return "cancelling";
  return isWaiting ? "waiting" : "foreign";
}

function resourcesAt(
  scopes: readonly ScopeSnapshot[],
  { lives }: History,
  at: number,
): ResourceSnapshot[] {
  const found = new Map<number, ResourceSnapshot & { waiters: number[] }>();
  for (const { id } of scopes)
    for (const { from, to, wait } of lives.get(id)?.waits ?? []) {
      if (wait.resource === null || from > at || (to !== null && to < at)) continue;
      const known = found.get(wait.resource.id);
      const limits = { holdersOmitted: 0, waitersOmitted: 0 };
      if (known) known.waiters.push(id);
      else
        found.set(wait.resource.id, {
          ...wait.resource,
          ...limits,
          holders: wait.tasks,
          waiters: [id],
        });
    }
  return [...found.values()];
}
