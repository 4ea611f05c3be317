/**
 * The machine behind `taskGroup`.
 *
 *   open ──body over──▶ joining ──no child left──▶ cleaning ──hooks done──▶ closed
 *
 * G1. A child is in the list of the scope from its creation until it is over, and not longer: the
 *     group keeps no finished children.
 * G2. `joining` ends when the list is empty; children may be added until then. When only background
 *     children are left, they are cancelled.
 * G3. The first failure is answered in the next turn of the event loop, so that failures of the same
 *     turn are reported together; until then the group is open.
 * G4. Errors win over cancellation, and cancellation from outside over the value.
 */

import { expectFunction, expectOneOf, expectOptions, expectTime } from "./arguments.ts";
import { type Ending, outerCancellation, runBlock } from "./block.ts";
import { nextTurn } from "./clock.ts";
import { type Gate, gateFor } from "./concurrency.ts";
import { ambientScope, runInside } from "./context.ts";
import { asError, type CancelledError, InvalidStateError } from "./errors.ts";
import { heard, type ScopeKind, type WaitDetails } from "./events.ts";
import { ExceptionGroup } from "./exception-group.ts";
import { closeLeftOpen, leftOpen } from "./left-open.ts";
import { enclosingScope } from "./process-scope.ts";
import { goOn } from "./scheduler.ts";
import { Scope } from "./scope.ts";
import { refuse, tell } from "./refusal.ts";
import { shield } from "./shield.ts";
import { obey } from "./signal.ts";
import { startChild } from "./start.ts";
import { type Task, type TaskFunction, TaskScope } from "./task.ts";
import type {
  CancellableTaskGroup,
  ChildOptions,
  GroupResult,
  StartingTask,
  TaskGroupOptions,
} from "./task-group.ts";

const noOptions: ChildOptions = {};
const itsChildren: WaitDetails = { kind: "children", label: "its children", resource: undefined };

/** Where a group stands: its body runs (`open`), it waits for its children (`joining`), its `defer` hooks run (`cleaning`). */
export type GroupState = "open" | "joining" | "cleaning";

export class GroupScope extends Scope implements CancellableTaskGroup {
  readonly #grace: number | undefined;
  readonly #gate: Gate | undefined;
  readonly #collect: boolean;
  readonly #cancellable: boolean;
  #phase: GroupState = "open";
  #foreground = 0;
  /** In order, and the same error object once. Most groups have none: a set for each would be a tenth of a group. */
  #errors: Set<Error> | undefined;
  #reacting = false;
  /** Whether a cancel came before the children were over: then the value alone is not the truth. */
  #interrupted = false;
  #shutdown: CancelledError | undefined;
  #wakeJoin: (() => void) | undefined;
  #hooks: (() => unknown)[] | undefined;

  constructor(options: TaskGroupOptions & { cancellable?: boolean }) {
    const signal = expectOptions(options);
    const { onError = "cancel", grace, concurrency } = options;
    expectOneOf("onError", onError, ["cancel", "collect"]);
    if (grace !== undefined) expectTime("grace", grace);
    const gate = gateFor(concurrency);
    const parent = enclosingScope(signal);
    super(parent, parent.timers);
    this.#gate = gate;
    this.#collect = onError === "collect";
    this.#cancellable = options.cancellable === true;
    this.givenName = options.name;
    this.#grace = grace;
    if (heard.opened) this.reportThat("opened");
    obey(this, signal);
  }

  get kind(): ScopeKind {
    return "group";
  }

  override get state(): GroupState {
    return this.#phase;
  }

  override get grace(): number | undefined {
    return this.#grace;
  }

  override get ownsErrors(): boolean {
    return true;
  }

  get tasks(): readonly Task<unknown>[] {
    return this.children.filter((child) => child instanceof TaskScope);
  }

  createTask<T>(
    fn: TaskFunction<T>,
    options: ChildOptions = noOptions,
    gate: Gate | undefined = this.#gate,
  ): Task<T> {
    expectFunction("fn", fn);
    expectOptions(options);
    if (this.#phase === "cleaning" || this.closed) throw this.#over("createTask()");
    const child = new TaskScope(this, fn, options, gate);
    if (!child.background) this.#foreground++;
    else if (this.#shutdown) child.cancelWith(this.#shutdown);
    return child;
  }

  start<V>(fn: (task: StartingTask<V>) => unknown, options: ChildOptions = {}): Promise<V> {
    return startChild(this, fn, options);
  }

  defer(cleanup: () => unknown): void {
    expectFunction("cleanup", cleanup);
    if (this.closed) throw this.#over("defer()");
    (this.#hooks ??= []).push(cleanup);
  }

  cancel(reason?: unknown): void {
    if (!this.#cancellable) {
      const remedy = "open it with taskGroup(body, { cancellable: true })";
      throw new InvalidStateError(
        "JOINERY_NOT_CANCELLABLE",
        `${this.title} has no cancel(): ${remedy}.`,
      );
    }
    this.requestCancel("explicit", reason, ambientScope()?.host);
  }

  async run<R>(
    body: (group: CancellableTaskGroup) => R | PromiseLike<R>,
  ): Promise<R | GroupResult<R>> {
    const stale = this.cancellation !== undefined;
    const ending = await runBlock(this, body, this as CancellableTaskGroup);
    const bodyError = ending.how === "threw" ? asError(ending.error) : undefined;
    if (bodyError) this.#react(bodyError, this);
    if (this.firstChild && leftOpen(this).length > 0)
      this.#fail(await closeLeftOpen(this, undefined), this);
    // From here each look at the list and the step it leads to are in one go: a child or a hook that
    // is added in between is either waited for or refused.
    this.#phase = "joining";
    if (this.firstChild && this.cancellation) this.#interrupted = true;
    while (this.firstChild) await this.#childrenOver();
    this.#phase = "cleaning";
    while (this.#hooks?.length) await this.#cleanUp(this.#hooks.pop()!);
    if (bodyError) this.#add(bodyError);
    const error = this.#errors && this.#grouped(this.#errors);
    this.close();
    if (error) throw error;
    const outer =
      ending.how === "returned" && !this.#interrupted ? undefined : outerCancellation(this);
    if (outer === undefined) return this.#result(ending);
    if (stale) await refuse(this.host, outer);
    tell(this.host, outer);
    throw outer;
  }

  /** A child is over (before it leaves the list). */
  override onTaskEnded(child: TaskScope<unknown>): void {
    if (!child.background) this.#foreground--;
    if (child.state === "failed") this.#fail(child.exception() as Error, child);
    if (child.state === "cancelled" && child.cancellation === this.cancellation)
      this.#interrupted = true;
  }

  override onChildClosed(): void {
    if (this.#foreground === 0 && this.#wakeJoin) this.#endJoin(this.#wakeJoin);
  }

  override onCancel(): void {
    if (this.#phase === "joining" && this.firstChild) this.#interrupted = true;
  }

  #fail(error: Error, by: Scope): void {
    this.#add(error);
    this.#react(error, by);
  }

  /** Answers a failure: in the next turn, and once (G3). */
  #react(error: Error, by: Scope): void {
    if (heard.failed) this.report({ type: "failed", error, from: by.id });
    if (this.#collect || this.#reacting) return;
    this.#reacting = true;
    nextTurn(() => this.requestCancel("sibling-error", error, by));
  }

  /** Resolves when the last foreground child, or a later one, has left the list. */
  #childrenOver(): Promise<void> {
    if (this.#foreground === 0) this.#endBackground();
    if (heard.waiting) this.report({ type: "waiting", ...itsChildren });
    return new Promise((wake) => (this.#wakeJoin = wake));
  }

  #endJoin(wake: () => void): void {
    this.#wakeJoin = undefined;
    if (heard.resumed) this.report({ type: "resumed", ...itsChildren });
    goOn(this, itsChildren.label, wake);
  }

  /** One cancellation for all background children, also for those that they still create (G2). */
  #endBackground(): void {
    for (const child of this.children) {
      if (this.#shutdown) child.cancelWith(this.#shutdown);
      else this.#shutdown = child.requestCancel("shutdown");
    }
  }

  async #cleanUp(hook: () => unknown): Promise<void> {
    try {
      await runInside(this, shield<unknown>, hook, { within: Infinity, name: "defer" });
    } catch (error) {
      this.#add(asError(error));
    }
  }

  #add(error: Error): void {
    (this.#errors ??= new Set()).add(error);
  }

  #grouped(errors: Iterable<Error>): ExceptionGroup {
    const error = new ExceptionGroup("unhandled errors in a TaskGroup", [...errors]);
    if (heard.grouped) this.report({ type: "grouped", error });
    return error;
  }

  #result<R>(ending: Ending<R>): R | GroupResult<R> {
    const { value } = ending;
    if (!this.#cancellable) return value as R;
    return this.absorbs ? { cancelled: true, value } : { cancelled: false, value: value as R };
  }

  #over(call: string): InvalidStateError {
    return new InvalidStateError(
      "JOINERY_GROUP_CLOSED",
      `${this.title} is over: ${call} has to come before its block ends.`,
    );
  }
}
