/** The errors, as trees: each group with what it holds, each leaf with where it came from. */

import type { ErrorRecord, Snapshot } from "joinery/observe";
import type { Cancellation } from "../model/cancellation.ts";
import type { History } from "../model/history.ts";

export interface ErrorNode {
  /** By which it goes in the list; the same in the next revision. */
  readonly key: string;
  readonly text: string;
  /** Of a leaf: the names from the root to the task that threw it. */
  readonly path: string | null;
  readonly task: number | null;
  readonly members: readonly ErrorNode[];
  /** How many members are not shown. */
  readonly omitted: number;
}

export interface ErrorTree extends ErrorNode {
  readonly at: number;
  /** The group that threw it, or the task. */
  readonly scope: number;
  /** What failed with it: the cancellation that it caused. */
  readonly cancellation: Cancellation | null;
}

/** The latest first. */
export function errorTrees(history: History, snapshot: Snapshot | null): ErrorTree[] {
  const trees = history.hasEvents ? fromEvents(history) : fromFailures(snapshot);
  return trees.toSorted((a, b) => b.at - a.at);
}

function fromEvents(history: History): ErrorTree[] {
  const inside = new Set<number>();
  for (const { error } of history.grouped) for (const each of inner(error)) inside.add(each.id);
  const groups = history.grouped
    .filter(({ error }) => !inside.has(error.id))
    .map(({ error, scope, at }) => ({ error, scope, at }));
  const told = new Set(groups.map(({ error }) => error.id));
  const alone = [...history.raised.values()]
    .filter(({ error }) => !inside.has(error.id) && !told.has(error.id))
    .map(({ error, task, at }) => ({ error, scope: task, at }));
  return [...groups, ...alone].map(({ error, scope, at }) => ({
    ...nodeOf(error, history, `${error.id}`),
    scope,
    at,
    cancellation: consequence(history, scope, at),
  }));
}

function nodeOf(error: ErrorRecord, history: History, key: string): ErrorNode {
  const raised = history.raised.get(error.id);
  const members = (error.errors ?? []).map((each, i) => nodeOf(each, history, `${key}.${i}`));
  const isLeaf = members.length === 0;
  return {
    key,
    text: error.text,
    path: isLeaf ? (raised?.path ?? null) : null,
    task: raised?.task ?? null,
    members,
    omitted: error.errorsOmitted ?? 0,
  };
}

/** All that are below an error; records are at most four deep. */
function inner({ errors = [] }: ErrorRecord): ErrorRecord[] {
  return errors.flatMap((each) => [each, ...inner(each)]);
}

/** The siblings that a failure stopped: the cancellation of that group just before. */
function consequence({ cancellations }: History, scope: number, at: number): Cancellation | null {
  const own = [...cancellations.values()].filter(
    ({ origin, source, at: asked }) =>
      origin === scope && source === "sibling-error" && asked <= at,
  );
  return own.at(-1) ?? null;
}

function fromFailures(snapshot: Snapshot | null): ErrorTree[] {
  return (snapshot?.failures ?? []).map(({ task, path, error, age }) => ({
    key: `${task.id}`,
    text: error ?? "undefined",
    path,
    task: task.id,
    members: [],
    omitted: 0,
    at: (snapshot as Snapshot).time - age,
    scope: task.id,
    cancellation: null,
  }));
}
