/** All that is known, from snapshots and events: what is there, and what was. */

import type { CancellationSnapshot, ErrorRecord, EventRecord, Snapshot } from "joinery/observe";
import { Clock } from "./clock.ts";
import { keep, type Life, newLife } from "./life.ts";

/** More scopes than these that are over are forgotten, the oldest first. */
const mostLives = 50_000;
const mostErrors = 500;

export interface Cancellation {
  readonly id: number;
  readonly source: CancellationSnapshot["source"];
  readonly message: string;
  readonly reason: string | null;
  /** The task that asked. */
  readonly by: { readonly id: number | null; readonly name: string } | null;
  origin: number | null;
  path: string | null;
  at: number;
  absorbedAt: number | null;
  /** Those that caught it and went on: how often they were told. */
  readonly swallowed: Map<number, Swallowing>;
}

interface Swallowing {
  readonly name: string;
  times: number;
  returned: boolean;
}

/** An error, where it came from. */
export interface Raised {
  readonly error: ErrorRecord;
  readonly task: number;
  readonly path: string;
  at: number;
}

/** A group of errors, by the group of tasks that threw it. */
export interface Grouped {
  readonly error: ErrorRecord;
  readonly scope: number;
  readonly name: string;
  at: number;
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
  readonly #clock = new Clock();
  readonly #children = new Map<number | null, Set<number>>();

  /** `now` is the moment at which the last of the events is heard: what the clock of the page says, or when the recording ended. */
  addEvents(events: readonly EventRecord[], now: number): void {
    this.#clock.hearEvents(events, now);
    for (const event of events) this.#addEvent(event, this.#clock.timeOf(event));
    this.hasEvents ||= events.length > 0;
    this.#forget();
  }

  addSnapshot(snapshot: Snapshot): void {
    const error = this.#clock.hearSnapshot(snapshot, (id) => this.lives.get(id)?.openedAt ?? null);
    if (error !== 0) this.#shift(error);
    this.#extend(snapshot.time);
    for (const scope of snapshot.scopes) {
      const { id, age } = scope;
      const life = this.lives.get(id) ?? this.#begin(scope, null);
      if (age !== null) life.openedAt ??= snapshot.time - age;
      if (life.openedAt !== null) this.#extend(life.openedAt);
    }
    if (snapshot.omitted.scopes === 0) this.#closeMissing(snapshot);
    for (const each of snapshot.cancellations) this.#addCancellation(each, snapshot.time);
    this.#forget();
  }

  /** In order of creation. */
  childrenOf(id: number | null): Life[] {
    return [...(this.#children.get(id) ?? [])].map((child) => this.lives.get(child) as Life);
  }

  /** Those whose parent is not known, in order of creation. */
  roots(): Life[] {
    const isRoot = ({ parent }: Life): boolean => parent === null || !this.lives.has(parent);
    return [...this.lives.values()].filter(isRoot);
  }

  #addEvent(event: EventRecord, at: number): void {
    this.#extend(at);
    const { type, scope } = event;
    const life = this.lives.get(scope.id) ?? this.#begin(scope, type === "opened" ? at : null);
    const cancellation = event.cancellation?.id ?? 0;
    const told = this.cancellations.get(cancellation);
    switch (type) {
      case "started":
        life.startedAt = at;
        break;
      case "waiting":
        if (event.wait) keep(life.waits, { from: at, to: null, wait: event.wait });
        break;
      case "resumed":
        closeWait(life, event, at);
        break;
      case "ended":
        life.outcome = event.outcome as Life["outcome"];
        break;
      case "closed":
        life.closedAt = at;
        for (const wait of life.waits) wait.to ??= at;
        break;
      case "cancelled":
        this.#cancel(event, at);
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
        this.#raise(event, life, at);
        break;
      case "grouped":
        this.#group(event, at);
    }
  }

  #begin(scope: Parameters<typeof newLife>[0], openedAt: number | null): Life {
    const life = newLife(scope, openedAt);
    this.lives.set(life.id, life);
    const siblings = this.#children.get(life.parent);
    if (siblings) siblings.add(life.id);
    else this.#children.set(life.parent, new Set([life.id]));
    return life;
  }

  #cancel({ cancellation, scope, path = "", by }: EventRecord, at: number): void {
    if (!cancellation) return;
    const { id, source, message, reason, by: name } = cancellation;
    this.cancellations.set(id, {
      id,
      source,
      message,
      reason,
      path,
      at,
      by: name === null ? null : { id: by ?? null, name },
      origin: scope.id,
      absorbedAt: null,
      swallowed: new Map(),
    });
  }

  /** Of one that no event told of: it is older than the events, or there are none. */
  #addCancellation(told: CancellationSnapshot, time: number): void {
    const { id, source, message, reason, path, origin, by, age, swallowed, pending } = told;
    let cancellation = this.cancellations.get(id);
    if (!cancellation) {
      cancellation = {
        id,
        source,
        message,
        reason,
        path,
        origin,
        at: time - age,
        by: by === null ? null : { id: null, name: by },
        absorbedAt: null,
        swallowed: new Map(),
      };
      this.cancellations.set(id, cancellation);
    }
    cancellation.origin ??= origin;
    cancellation.path ??= path;
    for (const { id: task, name } of swallowed) {
      const times = pending.find((each) => each.id === task)?.timesTold ?? 1;
      const known = cancellation.swallowed.get(task);
      if (known) known.times = Math.max(known.times, times);
      else cancellation.swallowed.set(task, { name, times, returned: false });
    }
  }

  #raise({ error, path = "" }: EventRecord, life: Life, at: number): void {
    if (!error) return;
    keep(life.marks, { at, what: "raised", about: error.id });
    if (!this.raised.has(error.id)) this.raised.set(error.id, { error, task: life.id, path, at });
    drop(this.raised, mostErrors);
  }

  #group({ error, scope }: EventRecord, at: number): void {
    if (!error) return;
    this.grouped.push({ error, scope: scope.id, name: scope.name, at });
    if (this.grouped.length > mostErrors) this.grouped.shift();
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

  #shift(by: number): void {
    this.begin = Infinity;
    this.end = -Infinity;
    for (const life of this.lives.values()) {
      for (const key of ["openedAt", "startedAt", "closedAt"] as const) {
        const at = life[key];
        if (at === null) continue;
        life[key] = at + by;
        this.#extend(at + by);
      }
      for (const wait of life.waits) {
        wait.from += by;
        if (wait.to !== null) wait.to += by;
      }
      for (const mark of life.marks) mark.at += by;
    }
    for (const each of this.cancellations.values()) {
      each.at += by;
      if (each.absorbedAt !== null) each.absorbedAt += by;
    }
    for (const each of [...this.raised.values(), ...this.grouped]) each.at += by;
  }

  #forget(): void {
    let over = this.lives.size - mostLives;
    if (over <= 0) return;
    for (const { id, parent, closedAt } of this.lives.values()) {
      if (over <= 0) break;
      if (closedAt === null) continue;
      this.lives.delete(id);
      this.#children.get(parent)?.delete(id);
      over--;
    }
  }
}

function closeWait(life: Life, { wait }: EventRecord, at: number): void {
  const open = life.waits.findLast(
    (each) => each.to === null && each.wait.kind === wait?.kind && each.wait.label === wait.label,
  );
  if (open) open.to = at;
}

function swallow({ swallowed }: Cancellation, event: EventRecord): void {
  const { scope, times = 1, how } = event;
  swallowed.set(scope.id, { name: scope.name, times, returned: how === "returned" });
}

/** Of a map, the oldest entries beyond `most`. */
function drop(map: Map<number, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
