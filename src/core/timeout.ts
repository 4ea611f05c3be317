import { expectFunction, expectOptions, expectTime } from "./arguments.ts";
import { block, leaveBlock, runBlock } from "./block.ts";
import { requireAmbient } from "./context.ts";
import { DeadlineScope } from "./deadline.ts";
import { type CancelledError, InvalidStateError, TimeoutError } from "./errors.ts";
import { enclosingScope } from "./process-scope.ts";
import type { Scope } from "./scope.ts";
import { obey } from "./signal.ts";

/** What the body of {@link timeout}, {@link timeoutAt} and {@link moveOnAfter} gets. */
export interface TimeoutScope {
  /** Aborts when the deadline passes, or when the scope around it is cancelled. */
  readonly signal: AbortSignal;
  /** The deadline, on the clock's scale (see {@link timeoutAt}); `Infinity` if there is none. */
  when(): number;
  /**
   * Moves the deadline; `Infinity` takes it away, a time that is over cancels in the next turn.
   * Throws `InvalidStateError` (`JOINERY_SCOPE_CLOSED`) once the deadline has passed or the block is over.
   */
  reschedule(when: number): void;
  /** Whether the deadline passed while the block ran. */
  expired(): boolean;
}

export interface BlockOptions {
  /** Cancels the block as well. Default: the ambient scope's signal. */
  signal?: AbortSignal | undefined;
  /** For the tree, warnings and errors. */
  name?: string;
}

/** How {@link moveOnAfter} ended. `value` is there if the body returned, which it may in spite of its deadline. */
export type MoveOn<R> =
  | { readonly expired: false; readonly value: R }
  | { readonly expired: true; readonly value: R | undefined };

/**
 * Runs `body` with a deadline `ms` milliseconds from now.
 *
 * Resolves with what `body` returned. Rejects with {@link TimeoutError} if the deadline passed and
 * `body` let the cancellation pass: after its cleanup, however long that takes. A body that returns a
 * value in spite of it, or throws an error of its own, gets that out. Deadlines are inherited: all
 * that runs inside is cancelled by the nearest one, and {@link timeLeft} tells it. A negative `ms` is
 * over already: the first wait inside is the last.
 *
 * Rejects with `TypeError` (`JOINERY_INVALID_TIME`, `JOINERY_EXPECTED_FUNCTION`) on a bad argument.
 *
 * *Cancellation*: of a scope around it passes through, also when it comes together with the deadline.
 *
 * @example
 * ```ts
 * import { sleep, timeout, TimeoutError } from "joinery";
 *
 * try {
 *   await timeout(10, () => sleep(60_000));
 * } catch (error) {
 *   console.log(error instanceof TimeoutError); // true
 * }
 * ```
 *
 * Idea: `asyncio.timeout`.
 */
export function timeout<R>(
  ms: number,
  body: (scope: TimeoutScope) => R | PromiseLike<R>,
  options: BlockOptions = {},
): Promise<R> {
  return block(
    () => open("ms", ms, body, options),
    (scope) => inTime(scope, ms, body),
  );
}

/**
 * Runs `body` with a deadline at the time `when`: {@link timeout} with an absolute time, in
 * milliseconds since the epoch, as `Date.now()` counts them (on a clock that does not jump).
 *
 * Resolves, rejects and cancels as {@link timeout} does.
 *
 * @example
 * ```ts
 * import { timeoutAt } from "joinery";
 *
 * const endOfRequest = Date.now() + 30_000;
 * console.log(await timeoutAt(endOfRequest, () => "in time")); // in time
 * ```
 *
 * Idea: `asyncio.timeout_at`.
 */
export function timeoutAt<R>(
  when: number,
  body: (scope: TimeoutScope) => R | PromiseLike<R>,
  options: BlockOptions = {},
): Promise<R> {
  return block(
    () => open("when", when, body, options),
    (scope) => inTime(scope, when - scope.timers.clock.now(), body),
  );
}

/**
 * Runs `body` with a deadline `ms` milliseconds from now, and goes on without an error when it passes.
 *
 * Resolves with `{ expired: false, value }`, or, when the deadline passed and the cleanup of `body` is
 * over, with `{ expired: true, value: undefined }`. A body that returns in spite of its deadline keeps
 * its value. Rejects with the error of `body`, and on a bad argument as {@link timeout} does.
 *
 * *Cancellation*: of a scope around it passes through.
 *
 * @example
 * ```ts
 * import { moveOnAfter, sleep } from "joinery";
 *
 * const fresh = await moveOnAfter(10, async () => {
 *   await sleep(60_000);
 *   return "fresh";
 * });
 * console.log(fresh.expired ? "cached" : fresh.value); // cached
 * ```
 *
 * Idea: Trio's `move_on_after`.
 */
export function moveOnAfter<R>(
  ms: number,
  body: (scope: TimeoutScope) => R | PromiseLike<R>,
  options: BlockOptions = {},
): Promise<MoveOn<R>> {
  return block(
    () => open("ms", ms, body, options),
    (scope) => moveOn(scope, ms, body),
  );
}

async function moveOn<R>(
  scope: DeadlineScope,
  ms: number,
  body: (scope: TimeoutScope) => R | PromiseLike<R>,
): Promise<MoveOn<R>> {
  startDeadline(scope, ms);
  const ending = await runBlock(scope, body, handleOf(scope));
  const value = await leaveBlock(scope, ending, () => undefined);
  return scope.passed ? { expired: true, value } : { expired: false, value: value as R };
}

/**
 * How many milliseconds are left until the nearest deadline around the running code: 0 if it has
 * passed, `Infinity` if there is none. A {@link shield} hides the deadlines outside of it.
 *
 * Throws `InvalidStateError` (`JOINERY_NO_AMBIENT_SCOPE`) on a runtime that cannot know the running task.
 *
 * @example
 * ```ts
 * import { timeLeft, timeout } from "joinery";
 *
 * console.log(timeLeft()); // Infinity
 * await timeout(1000, () => console.log(timeLeft() <= 1000)); // true
 * ```
 *
 * Idea: Trio's `current_effective_deadline`.
 */
export function timeLeft(): number {
  requireAmbient("timeLeft()");
  let nearest = Infinity;
  for (let scope: Scope | undefined = enclosingScope(); scope !== undefined;) {
    if (scope instanceof DeadlineScope)
      nearest = Math.min(nearest, scope.deadline - scope.timers.clock.now());
    scope = scope.shielded ? undefined : scope.parent;
  }
  return Math.max(0, nearest);
}

/** Runs `body` in `scope`, which is cancelled in `ms`; its own deadline comes out as a `TimeoutError`. */
export async function inTime<R>(
  scope: DeadlineScope,
  ms: number,
  body: (scope: TimeoutScope) => R | PromiseLike<R>,
): Promise<R> {
  startDeadline(scope, ms);
  const ending = await runBlock(scope, body, handleOf(scope));
  return leaveBlock(scope, ending, (cancelled) => {
    throw timeoutError(scope, ms, cancelled);
  });
}

function timeoutError(scope: Scope, ms: number, cause: CancelledError): TimeoutError {
  const title = scope.givenName === undefined ? `The ${scope.kind}` : scope.title;
  return new TimeoutError(`${title} of ${Math.round(ms)} ms is over`, { cause });
}

function open(
  parameter: string,
  time: number,
  body: unknown,
  options: BlockOptions,
): DeadlineScope {
  expectTime(parameter, time);
  expectFunction("body", body);
  const signal = expectOptions(options);
  const scope = new DeadlineScope(enclosingScope(signal), options.name);
  obey(scope, signal);
  return scope;
}

function startDeadline(scope: DeadlineScope, ms: number): void {
  scope.setDeadline(scope.timers.clock.now() + ms);
}

function handleOf(scope: DeadlineScope): TimeoutScope {
  return {
    get signal() {
      return scope.signal;
    },
    when: () => scope.deadline,
    expired: () => scope.passed,
    reschedule(when) {
      expectTime("when", when);
      if (scope.closed || scope.passed) {
        const state = scope.closed ? "its block is over" : "its deadline has passed";
        throw new InvalidStateError(
          "JOINERY_SCOPE_CLOSED",
          `A timeout cannot be rescheduled when ${state}.`,
        );
      }
      scope.setDeadline(when);
    },
  };
}
