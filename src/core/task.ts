import { expectFunction } from "./arguments.ts";
import { begin } from "./block.ts";
import type { Gate, Pass } from "./concurrency.ts";
import { ambientScope, enterScope, followPromises, reactionIn } from "./context.ts";
import {
  asError,
  type CancelledError,
  InvalidStateError,
  isThenable,
  stemsFrom,
} from "./errors.ts";
import { heard, type ScopeInfo, type ScopeKind } from "./events.ts";
import { startSoon } from "./first-steps.ts";
import { enterThrough, interceptors } from "./intercept.ts";
import { enclosingScope } from "./process-scope.ts";
import { firstStep, goOn } from "./scheduler.ts";
import { pathTo, Scope } from "./scope.ts";
import { latest } from "./latest.ts";
import { closeLeftOpen } from "./left-open.ts";
import { obey } from "./signal.ts";
import type { ChildOptions, Outcome, Task, TaskFunction, TaskState } from "./task-handle.ts";
import { returned } from "./refusal.ts";
import { rememberTaskPath } from "./task-path.ts";
import { type Parked, suspend } from "./wait.ts";

export type { CompletedTask, Task, TaskFunction, TaskOptions, TaskState } from "./task-handle.ts";

let open = 0;

/** How many tasks are not over, in the whole process. */
export function taskCount(): number {
  return open;
}

const none: ChildOptions = {};
const taken = -1;

/** The rejections of failed tasks that nobody has heard of yet. */
const unheard = new WeakMap<Scope, Promise<never>>();

export class TaskScope<T> extends Scope implements Task<T> {
  declare readonly parent: Scope;
  readonly background: boolean;
  #phase: "new" | "running" | Outcome = "new";
  /** Until its first step, what to do; from its end on, how that came out. */
  #content: unknown;
  /** The name of its function, until somebody asks who it is; then the answer, which all events of it share. */
  #identity: string | ScopeInfo;
  /** What it holds of the gate of its group. */
  #pass: Pass | undefined;
  /** Whom to tell that it is over. */
  #observers: Set<() => void> | undefined;
  /** How many wait for the outcome and may be stopped before they see it; `taken` once somebody has seen it. */
  #claims = 0;

  constructor(parent: Scope, fn: TaskFunction<T>, setup: ChildOptions = none, gate?: Gate) {
    super(parent, parent.timers);
    this.background = setup.background === true;
    this.givenName = setup.name;
    this.#identity = fn.name;
    this.#content = fn;
    open++;
    if (heard.opened) this.reportThat("opened");
    obey(this, setup.signal);
    followPromises(this);
    if (gate) gate.admit(this);
    else this.begin();
  }

  get kind(): ScopeKind {
    return "task";
  }

  override get runsCode(): boolean {
    return true;
  }

  override get name(): string {
    return this.givenName ?? this.info.name;
  }

  override get info(): ScopeInfo {
    if (typeof this.#identity === "string") this.#identity = this.#describe(this.#identity);
    return this.#identity;
  }

  #describe(functionName: string): ScopeInfo {
    const { id, kind, parent } = this;
    const name = this.givenName ?? `${functionName || "task"}-${id}`;
    return { id, kind, name, parent: parent.id, host: id };
  }

  override get state(): TaskState {
    return !this.done() && this.cancellation ? "cancelling" : this.#phase;
  }

  done(): boolean {
    return this.#phase !== "new" && this.#phase !== "running";
  }

  cancelled(): boolean {
    return this.#phase === "cancelled";
  }

  cancel(reason?: unknown): boolean {
    if (this.done()) return false;
    this.requestCancel("explicit", reason, ambientScope()?.host);
    return true;
  }

  result(): T {
    const error = this.exception();
    if (error !== undefined) throw error;
    return this.#content as T;
  }

  exception(): Error | undefined {
    if (!this.done()) {
      const message = `${this.title} is not over. Await it, or look at done() first.`;
      throw new InvalidStateError("JOINERY_NOT_DONE", message);
    }
    this.hear();
    if (this.#phase === "cancelled") throw this.#content as CancelledError;
    return this.#phase === "failed" ? (this.#content as Error) : undefined;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a handle is awaited: that is what it is for
  then<A = T, B = never>(
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.join().then(onDone, onFailed);
  }

  addDoneCallback(callback: (task: Task<T>) => void): () => void {
    expectFunction("callback", callback);
    return this.whenOver(() => {
      try {
        callback(this);
      } catch (error) {
        void Promise.reject(error); // the end of a task must reach all who wait for it
      }
    });
  }

  /** Calls `observer` when the task is over, at once if it is; returns what takes it back. */
  whenOver(observer: () => void): () => void {
    if (this.done()) observer();
    else (this.#observers ??= new Set()).add(observer);
    return () => this.#observers?.delete(observer);
  }

  /** Waits for the outcome, in the scope of the caller. */
  join(signal?: AbortSignal): Promise<T> {
    return (
      this.misuse(signal) ?? suspend<T>((wait) => this.deliver(wait), { signal, resource: this })
    );
  }

  /** As what others wait for: it will give its outcome. */
  holders(): [this] {
    return [this];
  }

  /** A task that waits for itself would do so for ever. */
  misuse(signal?: AbortSignal): Promise<never> | undefined {
    if (enclosingScope(signal).host !== (this as Scope)) return undefined;
    const message = `${this.title} awaits itself, and would wait for ever.`;
    return Promise.reject(new InvalidStateError("JOINERY_SELF_AWAIT", message));
  }

  /** Wakes `wait` with how the task ends, once it does; returns what takes it back. */
  deliver(wait: Parked<T>): () => void {
    return this.whenOver(() => {
      this.hear();
      if (this.#phase === "done") wait.resolve(this.#content as T);
      else wait.reject(this.#content);
    });
  }

  /** Whether an error that nobody awaits comes out somewhere all the same. */
  get owned(): boolean {
    return this.parent.ownsErrors;
  }

  /** Somebody takes the outcome: an error will not be unhandled. */
  hear(): void {
    this.#claims = taken;
    if (this.#phase === "failed") unheard.get(this)?.catch(() => {});
  }

  /** Until the returned function is called, an error is not unhandled; from then on it is, unless somebody has taken it. */
  claim(): () => void {
    if (this.#claims !== taken) this.#claims++;
    return () => {
      if (this.#claims !== taken) this.#claims--;
      this.#rejectUnlessTaken();
    };
  }

  /** What it holds of the gate of its group from now on. */
  hold(pass: Pass | undefined): void {
    this.#pass = pass;
  }

  override onCancel(): void {
    this.#pass?.abandon?.();
  }

  /** Takes the first step, in a later microtask. */
  begin(pass?: Pass): void {
    this.#pass = pass;
    const { scheduler } = this.timers;
    if (scheduler === undefined) startSoon(this);
    else void new Promise<void>((go) => goOn(this, firstStep, go)).then(() => this.start());
  }

  /** The first step. To be called in a reaction of its own: the task is what is ambient until its end. */
  start(): void {
    if (this.cancellation) return this.#end("cancelled", this.cancellation);
    const fn = this.#content as TaskFunction<T>;
    this.#content = undefined;
    this.#phase = "running";
    latest.scope = this;
    if (heard.started) this.reportThat("started");
    enterScope(this);
    if (interceptors.length === 0) this.#run(fn);
    else enterThrough(this, () => this.#run(fn));
  }

  #run(fn: TaskFunction<T>): void {
    try {
      const result = begin(fn, this as Task<unknown>);
      if (isThenable(result)) result.then(onReturn(this), onThrow(this));
      else this.#end("done", result);
    } catch (error) {
      this.threw(error);
    }
  }

  returned(value: unknown): void {
    this.#end("done", value);
  }

  threw(error: unknown): void {
    if (stemsFrom(error, this.cancellation)) this.#end("cancelled", this.cancellation);
    else this.#end("failed", asError(error));
  }

  #end(phase: Outcome, outcome: unknown): void {
    if (this.firstChild === undefined) return this.#settle(phase, outcome);
    void closeLeftOpen(this, phase === "failed" ? outcome : undefined).then((misuse) =>
      this.#settle("failed", misuse),
    );
  }

  #settle(phase: Outcome, outcome: unknown): void {
    try {
      this.#pass?.release?.(phase, outcome);
    } catch (error) {
      if (phase !== "failed") return this.#settleAs("failed", asError(error));
    }
    this.#settleAs(phase, outcome);
  }

  #settleAs(phase: Outcome, outcome: unknown): void {
    this.#phase = phase;
    this.#content = outcome;
    open--;
    if (phase === "failed") {
      const path = pathTo(this);
      rememberTaskPath(outcome, path);
      if (heard.raised) this.report({ type: "raised", error: outcome as Error, path });
    }
    if (heard.swallowed && phase === "done" && this.cancellation) returned(this, this.cancellation);
    const at = heard.ended ? this.reportEnded(phase) : undefined;
    this.parent.onTaskEnded?.(this);
    this.close(at);
    const observers = this.#observers;
    this.#observers = undefined;
    if (observers) for (const observer of observers) observer();
    this.#rejectUnlessTaken();
  }

  #rejectUnlessTaken(): void {
    if (this.#phase !== "failed" || this.#claims !== 0 || this.owned) return;
    if (!unheard.has(this)) unheard.set(this, Promise.reject(this.#content));
  }
}

const onReturn = reactionIn((task: TaskScope<unknown>, value: unknown) => task.returned(value));
const onThrow = reactionIn((task: TaskScope<unknown>, error: unknown) => task.threw(error));
