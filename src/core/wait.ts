/**
 * Waiting. Every function of joinery that waits parks a `Wait` in its scope.
 *
 * W1. On entry a wait looks at its scope and at the signal it was given, and refuses if one of them
 *     is cancelled.
 * W2. A parked wait is woken at the moment of the cancel, in order of parking.
 * W3. A wait that has got its value keeps it: it leaves the scope's list when it is settled, and
 *     nothing is looked at after that.
 * W4. Settled means gone: no entry in a list, no timer, no listener.
 * W5. Code that catches every refusal and tries again cannot starve the event loop: the first one
 *     comes at once, each further one in a later turn (`refusal.ts`).
 */

import { expectFunction, expectOptions } from "./arguments.ts";
import { CancelledError } from "./errors.ts";
import { heard, isDue } from "./events.ts";
import { latest } from "./latest.ts";
import { append, remove } from "./linked.ts";
import { enclosingScope } from "./process-scope.ts";
import { refusal, tell } from "./refusal.ts";
import { expectResource, type Resource } from "./resource.ts";
import { goOn } from "./scheduler.ts";
import type { Scope } from "./scope.ts";
import { listenTo, mustListen } from "./signal.ts";

export class Wait<T> {
  readonly scope: Scope;
  readonly #label: string | undefined;
  /** Sleeps, of which there are many, do not have the field. */
  declare readonly resource: Resource | undefined;
  /** Since when it is parked; only there if somebody heard of it. */
  declare since: number | undefined;
  readonly promise: Promise<T>;
  #resolve!: (value: T | PromiseLike<T>) => void;
  #reject!: (error: unknown) => void;
  previous: Wait<never> | undefined;
  following: Wait<never> | undefined;
  #parked = false;
  /** The first reason wins: a second cancel does not take it back again. */
  #interrupted = false;
  #unlisten: (() => void) | undefined;

  constructor(scope: Scope, label: string | undefined, resource?: Resource) {
    this.scope = scope;
    this.#label = label;
    if (resource) this.resource = resource;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** What it waits for, in a word. */
  get label(): string {
    if (this.#label !== undefined) return this.#label;
    return this.resource ? `${this.resource.kind} "${this.resource.name}"` : "suspend";
  }

  /** The same without a name, for whoever sorts waits. */
  get kind(): string {
    return this.resource?.kind ?? "suspend";
  }

  /** The time at which it ends by itself, if it is a wait for a time. */
  get due(): number {
    return Infinity;
  }

  /** Puts the wait into its scope. */
  park(signal: AbortSignal | undefined): Promise<T> {
    const { scope } = this;
    this.#parked = true;
    scope.firstWait = append(scope.firstWait, this as unknown as Wait<never>);
    if (mustListen(scope, signal)) this.#unlisten = listenTo(signal, (e) => this.interrupt(e));
    if (heard.waiting) this.since = this.#report("waiting");
    return this.promise;
  }

  /** Wakes it with a value. Returns whether it was still waiting. */
  resolve(value: T): boolean {
    if (!this.#leave()) return false;
    if (this.scope.timers.scheduler === undefined) this.#resolve(value);
    else goOn(this.scope, this.label, () => this.#resolve(value));
    return true;
  }

  /** Wakes it with an error. Returns whether it was still waiting. */
  reject(error: unknown): boolean {
    if (!this.#leave()) return false;
    if (this.scope.timers.scheduler === undefined) this.#reject(error);
    else goOn(this.scope, this.label, () => this.#reject(error));
    return true;
  }

  /** The scope is cancelled, or the signal aborted. */
  interrupt(error: CancelledError): void {
    if (!this.#parked || this.#interrupted) return;
    this.#interrupted = true;
    tell(this.scope.host, error);
    try {
      if (this.onCancel?.(error) !== false) this.reject(error);
    } catch (failure) {
      this.reject(failure); // and the rest of the tree is still told
    }
  }

  /** What a cancel undoes; `false` says that the wait goes on, and is settled later. */
  onCancel?: Unpark;

  /** Its scope is over. Nobody in the program waits for this any more, or something was not awaited and has to hear of it. */
  outlive(): void {
    this.promise.catch(() => {});
    const { scope } = this;
    const over = { source: "shutdown", scope: scope.name } as const;
    this.interrupt(scope.cancellation ?? new CancelledError(`${scope.title} is over`, over));
  }

  /** For a kind of wait that is in a list of its own, to leave that as well. */
  onLeave?(): void;

  #leave(): boolean {
    if (!this.#parked) return false;
    this.#parked = false;
    const { scope } = this;
    latest.scope = scope;
    scope.firstWait = remove(scope.firstWait, this as unknown as Wait<never>);
    this.#unlisten?.();
    this.onLeave?.();
    if (heard.resumed) this.#report("resumed");
    return true;
  }

  /** Returns the time; there is an event only if somebody has to be told now. */
  #report(type: "waiting" | "resumed"): number {
    const { scope, kind, label, resource } = this;
    const { clock } = scope.timers;
    const at = clock.now();
    if (isDue(type, clock)) scope.report({ type, kind, label, resource }, at);
    return at;
  }

  /**
   * An error with the stack of the code that waits here, where the engine can tell (V8).
   *
   * V8 finds the frames above a promise from the job that settles it, and from nowhere else. So the
   * promise is made to follow another one, whose job takes the stack and hands over to a third,
   * which settles when the wait does. Costs nothing to waits that nobody asks.
   */
  locate(): Promise<Error> {
    return new Promise((found) => {
      const follow = this.#resolve;
      const later = new Promise<T>((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      });
      const followed = ready.then(nothing).then(nothing);
      follow(followed.then(() => (found(new Error("waits here")), later)));
    });
  }
}

const ready = Promise.resolve();
function nothing(): void {}

/** A wait that is parked by `suspend`: whoever wakes it calls one of the two, once. */
export interface Parked<T> {
  /** Wakes the task with a value. Returns `false` if it waits no more: then the value goes to somebody else. */
  resolve(value: T): boolean;
  /** Wakes the task with an error. Returns `false` if it waits no more. */
  reject(error: unknown): boolean;
}

export interface SuspendOptions {
  /** Ends the wait as well. Default: the ambient scope's. */
  signal?: AbortSignal | undefined;
  /** What the task waits for, when somebody holds it or many wait for it. */
  resource?: Resource;
  /** What the task waits for, in a word, for the tree. Default: kind and name of the resource, or `"suspend"`. */
  label?: string;
}

/** What to undo when a cancellation ends a wait. Returning `false` says: I settle it myself, later. */
export type Unpark = (error: CancelledError) => void | false;

/**
 * The wait under all waits: parks the running task until somebody wakes it. Locks, queues and
 * everything else that waits is built on it, inside joinery and outside.
 *
 * Resolves or rejects with what `park`'s argument is given. `park` is called at once and hands its
 * argument to whoever will wake the task; it may return a function that takes it back.
 *
 * *Cancellation*: a wait in a cancelled scope is refused on entry, without calling `park`. A cancel
 * while it is parked calls the function that `park` returned, then rejects. A value that has been
 * delivered is kept. Rejects with `TypeError` (`JOINERY_EXPECTED_FUNCTION`) if `park` is no function,
 * (`JOINERY_INVALID_ARGUMENT`) if `resource` has no kind and name.
 *
 * @example
 * ```ts
 * import { suspend, type Parked } from "joinery";
 *
 * const waiting = new Set<Parked<string>>();
 * const arrival = suspend<string>((wait) => {
 *   waiting.add(wait);
 *   return () => void waiting.delete(wait);
 * });
 * for (const wait of waiting) wait.resolve("woken");
 * console.log(await arrival); // woken
 * ```
 *
 * Idea: Trio's `wait_task_rescheduled`, Kotlin's `suspendCancellableCoroutine`.
 */
export function suspend<T>(
  park: (wait: Parked<T>) => Unpark | void,
  options: SuspendOptions = {},
): Promise<T> {
  let signal: AbortSignal | undefined;
  try {
    expectFunction("park", park);
    signal = expectOptions(options);
    if (options.resource !== undefined) expectResource(options.resource);
  } catch (error) {
    return Promise.reject(error);
  }
  const scope = enclosingScope(signal);
  const refused = refusal(scope, signal);
  if (refused) return refused;
  const wait = new Wait<T>(scope, options.label, options.resource);
  const parked = wait.park(signal);
  try {
    const unpark = park(wait);
    if (unpark) wait.onCancel = unpark;
  } catch (error) {
    wait.reject(error);
  }
  return parked;
}
