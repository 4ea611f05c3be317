/** Listens to a run: from the events of joinery to bars on a time axis. */

import { subscribe, type JoineryEvent, type ScopeInfo, type ScopeKind } from "joinery";

export type Outcome = "done" | "failed" | "cancelled";

/** A task, or a block (a group, a timeout). Times are milliseconds from the begin of the recording. */
export interface Bar {
  readonly kind: ScopeKind;
  /** Without the number that joinery gives it; several of one name are told apart by `labelOf`. */
  readonly name: string;
  readonly parent: Bar | undefined;
  readonly children: Bar[];
  /** Whether a shield stands between it and its parent. */
  readonly shielded: boolean;
  readonly openedAt: number;
  startedAt?: number;
  /** When a cancellation reached it, be it asked here or further out. */
  cancelledAt?: number;
  /** When a task failed, or a group took an error. */
  readonly failedAt: number[];
  endedAt?: number;
  outcome?: Outcome;
}

/** Somebody cancelled the scope of `top`: this reached all that was open below it. */
export interface Wave {
  readonly top: Bar;
  readonly at: number;
}

export interface Recording {
  readonly roots: Bar[];
  readonly waves: Wave[];
  /** The tasks that are over, in that order. */
  readonly ended: Bar[];
  /** When the last event came. */
  lastAt: number;
}

/** The name of a bar, with a number where siblings share it. */
export function labelOf(bar: Bar, siblings: readonly Bar[]): string {
  const alike = siblings.filter((other) => other.name === bar.name);
  return alike.length > 1 ? `${bar.name} ${alike.indexOf(bar) + 1}` : bar.name;
}

/** How the tasks ended, in that order, as the cells say it: `task 1 failed`. */
export function endings({ roots, ended }: Recording): string[] {
  return ended.map((bar) => `${labelOf(bar, bar.parent?.children ?? roots)} ${bar.outcome}`);
}

/**
 * Records from its creation until `stop()`: the first scope that opens, all beside it, and all below.
 * A shield has no bar: what goes on inside it shows in the bar of its task.
 */
export class Recorder {
  readonly recording: Recording = { roots: [], waves: [], ended: [], lastAt: 0 };
  readonly stop: () => void;
  /** When the first event came, on the clock of the run. */
  begin = NaN;
  readonly #bars = new Map<number, Bar>();
  /** The open shields, each with the scope around it. */
  readonly #shields = new Map<number, number | undefined>();
  #root: number | undefined;

  constructor() {
    this.stop = subscribe((event) => this.#hear(event));
  }

  #hear(event: JoineryEvent): void {
    if (Number.isNaN(this.begin)) {
      this.begin = event.at;
      this.#root = event.scope.parent;
    }
    const at = event.at - this.begin;
    if (event.type === "opened") return this.#open(event.scope, at);
    const bar = this.#bars.get(event.scope.id);
    if (bar === undefined) return;
    this.recording.lastAt = at;
    if (event.type === "started") bar.startedAt = at;
    else if (event.type === "failed") bar.failedAt.push(at);
    else if (event.type === "cancelled") this.#cancel(bar, at);
    else if (event.type === "ended") this.#end(bar, at, event.outcome);
    else if (event.type === "closed" && bar.outcome === undefined) close(bar, at);
  }

  #open(scope: ScopeInfo, at: number): void {
    if (scope.kind === "shield") return void this.#shields.set(scope.id, scope.parent);
    const parent = this.#parentOf(scope);
    if (parent === undefined && scope.parent !== this.#root) return;
    const { kind } = scope;
    const name = scope.name.replace(new RegExp(`-${scope.id}$`), "");
    const shielded = this.#shields.has(scope.parent ?? 0);
    const bar: Bar = { kind, name, parent, children: [], shielded, openedAt: at, failedAt: [] };
    if (!shielded && parent?.cancelledAt !== undefined) bar.cancelledAt = at;
    this.#bars.set(scope.id, bar);
    (parent?.children ?? this.recording.roots).push(bar);
  }

  #parentOf(scope: ScopeInfo): Bar | undefined {
    let id = scope.parent;
    while (id !== undefined && this.#shields.has(id)) id = this.#shields.get(id);
    return id === undefined ? undefined : this.#bars.get(id);
  }

  #cancel(top: Bar, at: number): void {
    this.recording.waves.push({ top, at });
    const reached = [top];
    for (const bar of reached) {
      if (bar.endedAt !== undefined || bar.cancelledAt !== undefined) continue;
      bar.cancelledAt = at;
      reached.push(...bar.children.filter((child) => !child.shielded));
    }
  }

  #end(bar: Bar, at: number, outcome: Outcome): void {
    bar.endedAt = at;
    bar.outcome = outcome;
    if (outcome === "failed") bar.failedAt.push(at);
    this.recording.ended.push(bar);
  }
}

/** A block is over: it says less about how than a task does. */
function close(bar: Bar, at: number): void {
  bar.endedAt = at;
  if (bar.failedAt.length > 0) bar.outcome = "failed";
  else bar.outcome = bar.cancelledAt === undefined ? "done" : "cancelled";
}
