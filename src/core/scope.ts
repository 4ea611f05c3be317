/**
 * The tree of scopes. A `run`, each task, each group, `timeout` and `shield` are one; everything
 * about cancellation happens here.
 *
 *                 cancel()                       close()
 *      ┌──────┐  own, or of a scope above  ┌───────────┐            ┌────────┐
 *  ──▶ │ open │ ─────────────────────────▶ │ cancelled │ ─────────▶ │ closed │
 *      └──────┘   (not through a shield)   └───────────┘            └────────┘
 *          └──────────────────────── close() ───────────────────────────▲
 *
 * S1. `cancellation` is a state, not an event: it never goes back (level-triggered), and every wait
 *     looks at it on entry.
 * S2. `cancellation` is set if and only if the scope was cancelled itself, or the scope around it is
 *     has one and this one is no shield. So a look is O(1) at any depth.
 * S3. The first reason wins. All scopes that one `cancel` reaches hold the same error object;
 *     `absorbs` marks the one where it was asked for, whose edge lets it end.
 * S4. First every scope that is reached is marked, then all are told, children before parents and in
 *     order of creation. Nobody who is told sees a half-marked tree.
 * S5. Nothing here recurses: 100,000 levels are marked and told with two loops.
 * S6. A closed scope is in nobody's list, holds no wait, timer or listener.
 */

import { allowManyListeners } from "./host.ts";
import { CancelledError, type CancelSource } from "./errors.ts";
import {
  type EventDetails,
  heard,
  isDue,
  type JoineryEvent,
  report,
  type ScopeInfo,
  type ScopeKind,
} from "./events.ts";
import type { GroupState } from "./group-scope.ts";
import { append, elements, remove } from "./linked.ts";
import type { Told } from "./refusal.ts";
import { watch } from "./resistance.ts";
import type { Outcome, TaskState } from "./task-handle.ts";
import type { Timers } from "./timers.ts";
import type { Wait } from "./wait.ts";

const longestPath = 12;

/** A cancel that comes through a signal has its error already (`signal.ts`). */
type OwnSource = Exclude<CancelSource, "signal">;

export abstract class Scope {
  static #created = 0;
  static #open = 0;
  static readonly #bySignal = new WeakMap<AbortSignal, Scope>();

  readonly id: number = ++Scope.#created;
  readonly parent: Scope | undefined;
  readonly timers: Timers;
  /** The task that runs the code in this scope, or the root. */
  readonly host: Scope;
  givenName: string | undefined;

  /** Why this scope is cancelled, by itself or by one around it (S2). */
  cancellation: CancelledError | undefined;
  /** Whether the cancel was asked of this very scope, so that its edge absorbs it (S3). */
  absorbs = false;
  closed = false;
  /** The cancellation that the code of this host was told of last (`refusal.ts`). */
  told: Told | undefined;

  firstChild: Scope | undefined;
  firstWait: Wait<never> | undefined;
  previous: Scope | undefined;
  following: Scope | undefined;

  #controller: AbortController | undefined;
  #atClose: (() => void)[] | undefined;

  constructor(parent: Scope | undefined, timers: Timers) {
    this.parent = parent;
    this.timers = timers;
    this.host = this.runsCode || parent === undefined ? this : parent.host;
    if (parent !== undefined) {
      parent.firstChild = append(parent.firstChild, this as Scope);
      if (!this.shielded) this.cancellation = parent.cancellation;
    }
    Scope.#open++;
  }

  // What is the same for all scopes of a kind is no field: a task is as small as its fields are few.
  abstract get kind(): ScopeKind;

  /** Whether it is the `host` of the scopes inside: a task is. */
  get runsCode(): boolean {
    return false;
  }

  get shielded(): boolean {
    return false;
  }

  /** Milliseconds after a cancel until what does not react is named; `undefined` is that of the scope around. */
  get grace(): number | undefined {
    return undefined;
  }

  /** How many scopes are open in the whole process. */
  static get open(): number {
    return Scope.#open;
  }

  /** The scope whose `signal` this is, if it is one of ours. */
  static of(signal: AbortSignal | undefined): Scope | undefined {
    return signal && Scope.#bySignal.get(signal);
  }

  /** Where it stands, for kinds of scopes that have more to say of it. */
  get state(): TaskState | GroupState {
    return "open";
  }

  get name(): string {
    return this.givenName ?? `${this.kind}-${this.id}`;
  }

  /** Kind and name, for messages. */
  get title(): string {
    return `${this.kind} "${this.name}"`;
  }

  get info(): ScopeInfo {
    const { id, kind, name, parent, host } = this;
    return { id, kind, name, parent: parent?.id, host: host.id };
  }

  /** An `AbortSignal` of this scope, made when somebody first asks for it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      Scope.#bySignal.set(this.#controller.signal, this);
      allowManyListeners(this.#controller.signal);
      if (this.cancellation) this.#controller.abort(this.cancellation);
    }
    return this.#controller.signal;
  }

  /** Cancels this scope and all below it. Returns the error that says so, unless it was cancelled before. */
  requestCancel(source: OwnSource, cause?: unknown, by?: Scope): CancelledError | undefined {
    if (this.cancellation || this.closed) return undefined;
    const error = new CancelledError(cancelMessage(this, source, by), {
      source,
      by: by?.kind === "task" ? by.name : undefined,
      scope: this.name,
      cause,
    });
    this.cancelWith(error, true, by);
    return error;
  }

  /** As `requestCancel`, with an error that other scopes may share; one that comes from outside is not absorbed. */
  cancelWith(error: CancelledError, absorbs = true, by?: Scope): void {
    if (this.cancellation || this.closed) return;
    this.absorbs = absorbs;
    if (heard.cancelled) this.report({ type: "cancelled", error, path: pathTo(this), by: by?.id });
    const reached = mark(this, error);
    for (let i = reached.length - 1; i >= 0; i--) (reached[i] as Scope).#tell(error);
    watch(this, error);
  }

  /** Told that it is cancelled; what a kind of scope does on top of waking its waits. */
  onCancel?(error: CancelledError): void;

  /** The promise of its block. When the block around it is over and it is not, its rejection is nobody's. */
  declare outcome: Promise<unknown> | undefined;

  /** Whether it takes the errors of the tasks right below it. If not, one that nobody awaits is unhandled. */
  get ownsErrors(): boolean {
    return false;
  }

  /** Told that a task right below it is over, before that leaves the list. */
  onTaskEnded?(task: Scope): void;

  /** Told that a child scope has closed. */
  onChildClosed?(child: Scope): void;

  #tell(error: CancelledError): void {
    for (const wait of elements(this.firstWait)) wait.interrupt(error);
    if (this.#controller) {
      if (heard.delivered) this.host.report({ type: "delivered", error, how: "signal" });
      this.#controller.abort(error);
    }
    this.onCancel?.(error);
  }

  /** Calls `action` when the scope closes. */
  atClose(action: () => void): void {
    (this.#atClose ??= []).push(action);
  }

  /** `at` is the time, if that was looked at just now. */
  close(at?: number): void {
    if (this.closed) return;
    this.closed = true;
    Scope.#open--;
    if (this.#atClose) for (const action of this.#atClose) action();
    this.#atClose = undefined;
    for (const wait of elements(this.firstWait)) wait.outlive();
    if (heard.absorbed && this.absorbs && (this.shielded || !this.parent?.cancellation))
      this.report({ type: "absorbed", error: this.cancellation as CancelledError });
    if (heard.closed) this.#reportClosed(at);
    const parent = this.parent as Scope; // the process, which has none, is never closed
    parent.firstChild = remove(parent.firstChild, this as Scope);
    parent.onChildClosed?.(this);
  }

  get children(): Scope[] {
    return elements(this.firstChild);
  }

  /** All open scopes from this one down, in order of creation. */
  *tree(): Generator<Scope> {
    const pending: Scope[] = [this];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      yield next;
      for (const child of next.children.toReversed()) pending.push(child);
    }
  }

  /** To be called under `if (heard.…)`. One object, made in one go: most events are these. */
  reportThat(type: "opened" | "started"): void {
    const { clock } = this.timers;
    if (isDue(type, clock)) report({ type, at: clock.now(), scope: this.info }, clock);
  }

  /** To be called under `if (heard.ended)`. Returns the time for `closed`, unless a failure is told in between. */
  reportEnded(outcome: Outcome): number | undefined {
    const { clock } = this.timers;
    const at = clock.now();
    report({ type: "ended", at, scope: this.info, outcome }, clock);
    return outcome === "failed" ? undefined : at;
  }

  #reportClosed(at: number | undefined): void {
    const { cancellation } = this;
    const { clock } = this.timers;
    report({ type: "closed", at: at ?? clock.now(), scope: this.info, cancellation }, clock);
  }

  /** To be called under `if (heard.…)`, with an object of its own: what nobody hears must not cost one. */
  report(
    details: EventDetails & { at?: number; scope?: ScopeInfo },
    at: number = this.timers.clock.now(),
  ): void {
    details.at = at;
    details.scope = this.info;
    report(details as JoineryEvent, this.timers.clock);
  }
}

// What `console.log` shows of a handle, instead of the machine behind it.
Object.defineProperty(Scope.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: Scope): string {
    return this.title;
  },
});

/** The names of the tasks and of the named scopes from the root to `place`: where something happened. */
export function pathTo(place: Scope): string {
  const names: string[] = [];
  for (let scope = place; scope.parent !== undefined; scope = scope.parent) {
    if (scope.kind !== "task" && scope.givenName === undefined) continue;
    if (names.length === longestPath) return ["…", ...names].join(" › ");
    names.unshift(scope.name);
  }
  return names.join(" › ");
}

/** Marks `top` and all below it; returns them so that a walk from the end sees children before parents (S4, S5). */
function mark(top: Scope, error: CancelledError): Scope[] {
  const pending = [top];
  const reached: Scope[] = [];
  for (let scope = pending.pop(); scope !== undefined; scope = pending.pop()) {
    scope.cancellation = error;
    reached.push(scope);
    for (let child = scope.firstChild; child !== undefined; child = child.following) {
      if (!child.shielded && child.cancellation === undefined) pending.push(child);
    }
  }
  return reached;
}

function cancelMessage(scope: Scope, source: OwnSource, by: Scope | undefined): string {
  const why = {
    explicit: `asked by ${by?.kind === "task" ? by.title : "code outside of any task"}`,
    deadline: "its deadline passed",
    "sibling-error": by === scope ? "its body failed" : `${by?.title} failed`,
    parent: "who waits for it was cancelled",
    shutdown: "the block around it is over",
  };
  return `${scope.title} was cancelled: ${why[source]}`;
}
