/** What is known of one scope, from the moment it was first seen, also when it is over. */

import type { EventRecord, ScopeSnapshot } from "joinery/observe";
import { stem } from "../parts/words.ts";

type ScopeKind = ScopeSnapshot["kind"];
type Outcome = "done" | "failed" | "cancelled";

/** Times are those of the events: milliseconds since the epoch; `null` is *not known*, or *not yet*. */
export interface Life {
  readonly id: number;
  readonly kind: ScopeKind;
  readonly name: string;
  readonly parent: number | null;
  /** The task that runs the code in it. */
  readonly host: number;
  /** What it has in common with those that differ only in numbers. */
  readonly look: string;
  openedAt: number | null;
  startedAt: number | null;
  closedAt: number | null;
  outcome: Outcome | null;
  /** Its last waits, in order. */
  readonly waits: Span[];
  readonly marks: Mark[];
}

/** A wait, which may go on. */
interface Span {
  readonly from: number;
  to: number | null;
  readonly wait: NonNullable<EventRecord["wait"]>;
}

/** What happened to it at one moment. */
export interface Mark {
  readonly at: number;
  readonly what: "delivered" | "swallowed" | "raised";
  /** The cancellation, or the error, by number. */
  readonly about: number;
}

/** Of what there is many of in one life, the last are kept. */
const most = 200;

export function newLife(
  { id, kind, name, parent, host }: Pick<Life, "id" | "kind" | "name" | "parent" | "host">,
  openedAt: number | null,
): Life {
  const look = `${kind} ${stem(titleOf({ kind, id, name }))}`;
  const times = { openedAt, startedAt: null, closedAt: null, outcome: null };
  return { id, kind, name, parent, host, look, ...times, waits: [], marks: [] };
}

export function keep<T>(list: T[], item: T): void {
  if (list.push(item) > most) list.shift();
}

/** Whether it was there at that moment, as far as is known. */
export function livedAt({ openedAt, closedAt }: Life, at: number): boolean {
  return (openedAt === null || openedAt <= at) && (closedAt === null || closedAt >= at);
}

/** Whether its name says more than its kind and number. */
export function isNamed({ kind, id, name }: Pick<Life, "kind" | "id" | "name">): boolean {
  return kind === "task" || (name !== kind && name !== `${kind}-${id}`);
}

export function titleOf(scope: Pick<Life, "kind" | "id" | "name">): string {
  const { kind, name } = scope;
  return kind === "task" || !isNamed(scope) ? name : `${kind} ${name}`;
}
