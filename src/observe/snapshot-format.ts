/**
 * The format of a snapshot, version 1: what `snapshot.schema.json` says, in TypeScript.
 *
 * Everything is plain data: names, numbers, texts. Scopes, tasks, resources, cancellations and ghosts go
 * by number; a number means the same in all snapshots of one process. Times are milliseconds. `null`
 * is *none*, and of ages *not known*: nobody followed what happens (see `observe`).
 */

import type { CancelSource, ScopeKind, Statistics } from "../core/index.ts";

/** The tree of a process at one moment. */
export interface Snapshot {
  readonly formatVersion: 1;
  /** `null` where the runtime has none. */
  readonly pid: number | null;
  /** Name and version: `node 20.19.0`. */
  readonly runtime: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** For how long it has been followed what happens; `null` if nobody does. */
  readonly observedFor: number | null;
  /** The task that was started or resumed last: if the event loop stands still, most likely because of it. */
  readonly latest: TaskName | null;
  /** Counts of the whole process, also of what is left out below. */
  readonly totals: Statistics;
  /** All open scopes, tasks among them, from the process down: each after the one around it. */
  readonly scopes: readonly ScopeSnapshot[];
  /** What tasks wait for and others hold. One that nobody waits for is not known. */
  readonly resources: readonly ResourceSnapshot[];
  /** Foreign promises that were left behind. */
  readonly ghosts: readonly GhostSnapshot[];
  /** Those that have not ended, then the last that have; each the latest first. */
  readonly cancellations: readonly CancellationSnapshot[];
  /** The last tasks that failed, the latest first. */
  readonly failures: readonly FailureSnapshot[];
  /** How the event loop turned; `null` if it is not watched. */
  readonly loop: LoopSnapshot | null;
  readonly warnings: readonly WarningSnapshot[];
  /** How many there were more. */
  readonly omitted: Omitted;
}

export interface Omitted {
  readonly scopes: number;
  readonly resources: number;
  readonly ghosts: number;
  readonly cancellations: number;
  readonly warnings: number;
}

/**
 * Where a scope stands. Of a task:
 * `new` (it has not taken its first step), `running` (it is the one that took the snapshot),
 * `waiting` (see `waits`), `foreign` (it awaits something that is not joinery's, or is about to go on),
 * `cancelling` (it or a block in it was asked to stop, and is not over), `cleaning-up` (so it was, and is in
 * a shield; or the hooks of its group run).
 * Of a group: `open`, `joining` (it waits for its children), `cleaning-up` (its hooks run), or
 * `cancelling`. Of all others: `open` or `cancelling`.
 */
export type ScopeState =
  | "new"
  | "running"
  | "waiting"
  | "foreign"
  | "open"
  | "joining"
  | "cancelling"
  | "cleaning-up";

export interface ScopeSnapshot {
  readonly id: number;
  readonly kind: ScopeKind;
  readonly name: string;
  readonly parent: number | null;
  /** How many scopes are around it. */
  readonly depth: number;
  /** The task that runs the code in it: of a task, itself. */
  readonly host: number;
  readonly state: ScopeState;
  /** Whether it does not keep its group open. */
  readonly background: boolean;
  /** Since when it is there. */
  readonly age: number | null;
  /** Until its own deadline. */
  readonly timeLeft: number | null;
  /** The cancellation that it is under, by number. */
  readonly cancellation: number | null;
  /** Whether that was asked of this scope, whose edge absorbs it. */
  readonly absorbs: boolean;
  /** What its code waits for. All waits of a task stand with the task. */
  readonly waits: readonly WaitSnapshot[];
  readonly waitsOmitted: number;
  /** Where it was created, innermost frame first. */
  readonly createdAt: readonly string[] | null;
  /** Of a task that went on after its cancellation: where it was last refused a wait. */
  readonly refusedAt: readonly string[] | null;
}

export interface WaitSnapshot {
  /** The scope it is parked in: the task, or a block that it has open. */
  readonly scope: number;
  /** `sleep`, `task`, `tasks`, `children` (of a group), `promise` (of somebody else), `lock`, `queue`, …; `suspend` for what has none. */
  readonly kind: string;
  /** What it waits for, in a word. */
  readonly label: string;
  readonly resource: number | null;
  /** The tasks that have to do something: those awaited, or those that hold the resource. */
  readonly tasks: readonly number[];
  readonly tasksOmitted: number;
  /** Until it ends by itself. */
  readonly timeLeft: number | null;
  /** Since when it waits. */
  readonly age: number | null;
  /** Where, innermost frame first. Only if asked for. */
  readonly stack: readonly string[] | null;
}

export interface ResourceSnapshot {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  /** The tasks that have it; `null` if it does not say. */
  readonly holders: readonly number[] | null;
  readonly holdersOmitted: number;
  /** The tasks that wait for it, in the order of the tree. */
  readonly waiters: readonly number[];
  readonly waitersOmitted: number;
}

export interface GhostSnapshot {
  readonly id: number;
  readonly state: "ghost";
  readonly label: string;
  /** The scope that left it behind, and may be over. */
  readonly scope: { readonly id: number; readonly kind: ScopeKind; readonly name: string };
  readonly age: number;
}

export interface CancellationSnapshot {
  readonly id: number;
  readonly source: CancelSource;
  /** The sentence: who was cancelled, and why. */
  readonly message: string;
  /** What the caller gave as the reason, as text. */
  readonly reason: string | null;
  /** The name of the task that asked. */
  readonly by: string | null;
  /** The scope that was asked to stop; `null` if it is not known any more, or an outer signal asked. */
  readonly origin: number | null;
  /** The names from the root to that scope: `main › crew`. */
  readonly path: string | null;
  /** How long ago. */
  readonly age: number;
  /** The tasks that it has reached and that are not over. */
  readonly pending: readonly PendingTask[];
  readonly pendingOmitted: number;
  /** Those that caught it and waited again, or returned, also those that are over. */
  readonly swallowed: readonly TaskName[];
}

/** A task by name, which may be over. */
export interface TaskName {
  readonly id: number;
  readonly name: string;
}

/** A task that a cancellation has reached and that is not over. */
export interface PendingTask {
  readonly id: number;
  /** How often its code was told: more than once if it caught that, and waited again. */
  readonly timesTold: number;
}

export interface FailureSnapshot {
  readonly task: TaskName;
  readonly state: "done";
  /** The names from the root to the task. */
  readonly path: string;
  /** What it threw, as text. */
  readonly error: string | null;
  /** How long ago. */
  readonly age: number;
}

export interface LoopSnapshot {
  /** The last times that it stood still, the latest first. */
  readonly blocked: readonly BlockedSnapshot[];
}

export interface BlockedSnapshot {
  /** For how long. */
  readonly ms: number;
  /** How long ago that ended. */
  readonly age: number;
  /** The task that ran last before. */
  readonly task: TaskName | null;
}

export interface WarningSnapshot {
  /**
   * `wait-cycle`: tasks wait for each other. `lost-waiter`: the holders of what is waited for are
   * over. `resists-cancel`: not over long after its cancellation. `old-ghost`: left behind long ago.
   * `loop-blocked`: a task kept the event loop from turning.
   */
  readonly kind: "wait-cycle" | "lost-waiter" | "resists-cancel" | "old-ghost" | "loop-blocked";
  /** A sentence that names all that is concerned. */
  readonly text: string;
  /** The tasks that are concerned; of a cycle, each waits for the next, and the last for the first. */
  readonly tasks: readonly number[];
}
