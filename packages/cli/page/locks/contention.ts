/** Who holds what, who waits for it, and who waits for each other. */

import type { ResourceSnapshot, Snapshot, WaitSnapshot, WarningSnapshot } from "joinery/observe";
import { stem } from "../parts/words.ts";

/** One link of a cycle: a task, and what it waits for that the next one has. */
interface Link {
  readonly task: number;
  readonly name: string;
  readonly label: string;
  /** Where it waits, if that is known. */
  readonly place: string | null;
}

export interface Cycle {
  readonly warning: WarningSnapshot;
  readonly links: readonly Link[];
}

export function cyclesOf(snapshot: Snapshot): Cycle[] {
  const scopes = new Map(snapshot.scopes.map((scope) => [scope.id, scope]));
  return snapshot.warnings
    .filter(({ kind }) => kind === "wait-cycle")
    .map((warning) => {
      const links = warning.tasks.map((task, i): Link => {
        const next = warning.tasks[(i + 1) % warning.tasks.length] as number;
        const scope = scopes.get(task);
        const waits = scope?.waits ?? [];
        const wait = waits.find(({ tasks }) => tasks.includes(next)) ?? waits[0];
        const place = wait?.stack?.[0] ?? null;
        return { task, name: scope?.name ?? `task-${task}`, label: wait?.label ?? "", place };
      });
      return { warning, links };
    });
}

/** Those that most wait for first; those of a cycle before all. */
export function resourcesOf(snapshot: Snapshot): ResourceSnapshot[] {
  const cyclic = new Set(cyclesOf(snapshot).flatMap(({ warning }) => warning.tasks));
  const isCyclic = ({ holders, waiters }: ResourceSnapshot): boolean =>
    waiters.some((id) => cyclic.has(id)) && (holders ?? []).some((id) => cyclic.has(id));
  const weight = (each: ResourceSnapshot): number =>
    (isCyclic(each) ? 1e9 : 0) + each.waiters.length + each.waitersOmitted;
  return snapshot.resources.toSorted((a, b) => weight(b) - weight(a));
}

/** What tasks wait for, whatever it is, by kind. */
export interface Waiters {
  readonly kind: string;
  readonly label: string;
  readonly tasks: number[];
  /** The longest wait, if that is known. */
  oldest: number | null;
}

/** The most waited for first. */
export function allWaits({ scopes }: Snapshot): Waiters[] {
  const found = new Map<string, Waiters>();
  for (const { id, waits } of scopes)
    for (const wait of waits) {
      const label = stem(wait.label);
      const key = `${wait.kind} ${label} ${wait.resource ?? ""}`;
      const known = found.get(key);
      const waiters = known ?? { kind: wait.kind, label, tasks: [], oldest: null };
      if (!known) found.set(key, waiters);
      waiters.tasks.push(id);
      waiters.oldest = older(waiters.oldest, wait);
    }
  return [...found.values()].toSorted((a, b) => b.tasks.length - a.tasks.length);
}

function older(known: number | null, { age }: WaitSnapshot): number | null {
  return age === null ? known : Math.max(known ?? 0, age);
}
