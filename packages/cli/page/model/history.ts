/**
 * All that is known, from snapshots and events: what is there, and what was.
 *
 * N1. Of what is over it keeps at most 50,000 scopes, 500 cancellations and 500 errors, and of each scope the last 200 waits.
 * N2. A scope has one parent, or is a root until its parent is heard of.
 */

import type { ErrorRecord, EventRecord, Snapshot } from "joinery/observe";
import {
  type Cancellation,
  cancellationFrom,
  cancellationOf,
  complete,
  swallow,
} from "./cancellation.ts";
import { keep, type Life, newLife } from "./life.ts";

/** More scopes than these that are over are forgotten, the oldest first. */
const mostLives = 50_000;
const mostRemembered = 500;

/** An error, where it came from. */
export interface Raised {
  readonly error: ErrorRecord;
  readonly task: number;
  readonly path: string;
  readonly at: number;
}

/** A group of errors, by the group of tasks that threw it. */
export interface Grouped {
  readonly error: ErrorRecord;
  readonly scope: number;
  readonly name: string;
  readonly at: number;
}

export class History {
  readonly lives: Map<number, Life> = new Map();
  readonly cancellations: Map<number, Cancellation> = new Map();
  /** By the number of the error: where it was thrown first. */
  readonly raised: Map<number, Raised> = new Map();
  readonly grouped: Grouped[] = [];
  /** Whether there were events: without, only what the snapshots tell. */
  hasEvents = false;
  /** The first and the last moment that something is known of. */
  begin: number = Infinity;
  end: number = -Infinity;
  readonly #children = new Map<number | null, Set<Life>>();
  /** Those whose parent is not known. */
  readonly #roots = new Set<Life>();

  addEvents(events: readonly EventRecord[]): void {
    for (const event of events) this.#addEvent(event);
    this.hasEvents ||= events.length > 0;
    this.#forget();
  }

  addSnapshot(snapshot: Snapshot): void {
    this.#extend(snapshot.time);
    for (const scope of snapshot.scopes) {
      const { id, age } = scope;
      const life = this.lives.get(id) ?? this.#begin(scope, null);
      if (age !== null) life.openedAt ??= snapshot.time - age;
      if (life.openedAt !== null) this.#extend(life.openedAt);
    }
    if (snapshot.omitted.scopes === 0) this.#closeMissing(snapshot);
    for (const each of snapshot.cancellations) {
      const known = this.cancellations.get(each.id);
      if (known) complete(known, each);
      else this.#cancel(cancellationFrom(each, snapshot.time));
    }
    this.#forget();
  }

  /** In order of creation. */
  childrenOf(id: number | null): Life[] {
    return [...(this.#children.get(id) ?? [])];
  }

  /** Those whose parent is not known, in order of creation. */
  roots(): Life[] {
    return [...this.#roots];
  }

  #addEvent(event: EventRecord): void {
    const { type, at, scope } = event;
    this.#extend(at);
    const life = this.lives.get(scope.id) ?? this.#begin(scope, type === "opened" ? at : null);
    // A wait in a block is one of the task that runs its code.
    const waiter = this.lives.get(scope.host) ?? life;
    const cancellation = event.cancellation?.id ?? 0;
    const told = this.cancellations.get(cancellation);
    switch (type) {
      case "started":
        life.startedAt = at;
        break;
      case "waiting":
        if (event.wait) keep(waiter.waits, { from: at, to: null, wait: event.wait });
        break;
      case "resumed":
        closeWait(waiter, event);
        break;
      case "ended":
        life.outcome = event.outcome as Life["outcome"];
        break;
      case "closed":
        life.closedAt = at;
        for (const wait of life.waits) wait.to ??= at;
        break;
      case "cancelled":
        this.#cancel(cancellationOf(event));
        break;
      case "absorbed":
        if (told) told.absorbedAt = at;
        break;
      case "delivered":
        keep(life.marks, { at, what: "delivered", about: cancellation });
        break;
      case "swallowed":
        keep(life.marks, { at, what: "swallowed", about: cancellation });
        if (told) swallow(told, event);
        break;
      case "raised":
        this.#raise(event, life);
        break;
      case "grouped":
        life.outcome = "failed";
        this.#group(event);
    }
  }

  #begin(scope: Parameters<typeof newLife>[0], openedAt: number | null): Life {
    const life = newLife(scope, openedAt);
    this.lives.set(life.id, life);
    const siblings = this.#children.get(life.parent);
    if (siblings) siblings.add(life);
    else this.#children.set(life.parent, new Set([life]));
    if (life.parent === null || !this.lives.has(life.parent)) this.#roots.add(life);
    for (const child of this.#children.get(life.id) ?? []) this.#roots.delete(child);
    return life;
  }

  #cancel(cancellation: Cancellation | undefined): void {
    if (cancellation) this.cancellations.set(cancellation.id, cancellation);
    drop(this.cancellations, mostRemembered);
  }

  #raise({ error, at, path = "" }: EventRecord, life: Life): void {
    if (!error) return;
    keep(life.marks, { at, what: "raised", about: error.id });
    if (!this.raised.has(error.id)) this.raised.set(error.id, { error, task: life.id, path, at });
    drop(this.raised, mostRemembered);
  }

  #group({ error, at, scope }: EventRecord): void {
    if (!error) return;
    this.grouped.push({ error, scope: scope.id, name: scope.name, at });
    if (this.grouped.length > mostRemembered) this.grouped.shift();
  }

  /** What was open and is not in the tree any more is over: nobody told, or nobody heard. */
  #closeMissing({ scopes, time }: Snapshot): void {
    const open = new Set(scopes.map(({ id }) => id));
    for (const life of this.lives.values())
      if (life.closedAt === null && !open.has(life.id) && (life.openedAt ?? 0) < time)
        life.closedAt = time;
  }

  #extend(at: number): void {
    this.begin = Math.min(this.begin, at);
    this.end = Math.max(this.end, at);
  }

  #forget(): void {
    let over = this.lives.size - mostLives;
    if (over <= 0) return;
    for (const life of this.lives.values()) {
      if (over <= 0) break;
      if (life.closedAt === null) continue;
      this.#drop(life);
      over--;
    }
  }

  #drop(life: Life): void {
    this.lives.delete(life.id);
    this.#roots.delete(life);
    const siblings = this.#children.get(life.parent);
    siblings?.delete(life);
    if (siblings?.size === 0) this.#children.delete(life.parent);
    for (const child of this.#children.get(life.id) ?? []) this.#roots.add(child);
  }
}

function closeWait(life: Life, { at, wait }: EventRecord): void {
  const open = life.waits.findLast(
    (each) => each.to === null && each.wait.kind === wait?.kind && each.wait.label === wait.label,
  );
  if (open) open.to = at;
}

/** Of a map, the oldest entries beyond `most`. */
function drop(map: Map<number, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
