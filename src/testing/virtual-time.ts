import { expectFunction, expectOptions, expectTime } from "../core/arguments.ts";
import {
  busyTasks,
  liveScopes,
  run,
  type Scheduler,
  sleep,
  type Task,
  type WaitOptions,
} from "../core/index.ts";
import { DeadlockError, mayGoOn } from "./deadlock.ts";
import { JumpingClock } from "./jumping-clock.ts";
import { realNow } from "./real-time.ts";
import { watchStillness } from "./stillness.ts";
import { printTree } from "./stuck.ts";
import { stillnessIsAwaited, waitAllBlocked } from "./wait-all-blocked.ts";

/** What the body of {@link withVirtualTime} and {@link explore} gets. */
export interface VirtualClock {
  /** The time, in milliseconds. */
  now(): number;
  /**
   * Waits for `ms` milliseconds of this clock, and then until all that was due by then is done and every
   * other task is blocked again. `advance(0)` is {@link waitAllBlocked}.
   *
   * Rejects with `TypeError` (`JOINERY_INVALID_TIME`) if `ms` is `NaN` or no number.
   *
   * *Cancellation*: ends the wait.
   */
  advance(ms: number, options?: WaitOptions): Promise<void>;
}

/**
 * What runs in virtual time. `task` is the one that runs it: where a runtime cannot know the running task, its `signal`
 * goes to everything that waits.
 */
export type VirtualBody<R> = (clock: VirtualClock, task: Task<unknown>) => R | PromiseLike<R>;

export interface VirtualTimeOptions {
  /** The time at which the clock begins, in milliseconds. Default: 0. */
  start?: number;
  /** Cancels the body. */
  signal?: AbortSignal | undefined;
  /** The name of the task that runs the body. Default: that of its function, or `main`. */
  name?: string;
  /**
   * Milliseconds of real time without any progress until the tree is printed to standard error, once. Default: 2000, which
   * is less than a test may take in most runners; `Infinity` never prints.
   */
  stuckAfter?: number;
}

/**
 * Runs `body` in time that passes only when nothing else is left to do: when every task in it is
 * blocked, the clock jumps to the next timer. A day of sleeping takes milliseconds, and the same
 * program always takes the same time.
 *
 * It is a {@link run}: `sleep`, `timeout`, deadlines and all that is built on them live on its clock, what
 * `body` starts is over when it settles, and tasks outside do not notice. No global is replaced: `Date`
 * and `setTimeout` show the real time, `clock.now()` the virtual one.
 *
 * A task is blocked when it waits for something of joinery: a sleep, a lock, a task, the children of its
 * group. One that awaits anything else (`fetch`, a promise of its own) holds the clock back until that has settled.
 * {@link abandonable} does not: what may be left behind at any time need not be waited for.
 *
 * Resolves with what `body` returned, rejects with what it threw. When everybody is blocked and no timer
 * is set, nothing can happen any more: the body is cancelled, and it rejects with a {@link DeadlockError},
 * which shows who waits for what, and who has it. Rejects with `TypeError` (`JOINERY_EXPECTED_FUNCTION`,
 * `JOINERY_INVALID_TIME`, `JOINERY_INVALID_ARGUMENT`) on a bad argument.
 *
 * *Cancellation*: by `signal`, or by a scope around it; it then rejects with the `CancelledError`.
 *
 * @example
 * ```ts
 * import { sleep, timeout } from "joinery";
 * import { withVirtualTime } from "joinery/testing";
 *
 * await withVirtualTime(async (clock) => {
 *   await sleep(24 * 60 * 60 * 1000);
 *   console.log(clock.now()); // 86400000
 *   await timeout(1000, () => sleep(2000)).catch((error) => console.log(error.name)); // TimeoutError
 *   console.log(clock.now()); // 86401000
 * });
 * ```
 *
 * Idea: Trio's `MockClock` with `autojump_threshold`; Go's `synctest` for when to jump, and for the deadlock.
 */
export function withVirtualTime<R>(
  body: VirtualBody<R>,
  options: VirtualTimeOptions = {},
): Promise<R> {
  return runVirtually(body, options);
}

/** {@link withVirtualTime}, with a scheduler that hears of every step. */
export async function runVirtually<R>(
  body: VirtualBody<R>,
  options: VirtualTimeOptions,
  scheduler: Scheduler = { ready: (step) => step.proceed() },
): Promise<R> {
  expectVirtualTime(body, options);
  return new VirtualTime(scheduler, options).run(body, options);
}

/** Checks at the door. */
export function expectVirtualTime(body: unknown, options: VirtualTimeOptions): void {
  expectFunction("body", body);
  expectOptions(options);
  for (const name of ["start", "stuckAfter"] as const) {
    if (options[name] !== undefined) expectTime(name, options[name]);
  }
}

class VirtualTime implements Scheduler, VirtualClock {
  readonly #clock: JumpingClock;
  readonly #scheduler: Scheduler;
  readonly #stuckAfter: number;
  /** How many steps there have been. */
  #steps = 0;
  /** All that has happened when we last looked, and the real time at which it happened. */
  #seen = 0;
  #lastMoved = realNow();
  #main: Task<unknown> | undefined;
  /** The `id` of the run. */
  #root = 0;
  #deadlock: DeadlockError | undefined;
  #giveUp!: (error: DeadlockError) => void;
  readonly #gaveUp = new Promise<never>((_, reject) => (this.#giveUp = reject));

  constructor(scheduler: Scheduler, { start = 0, stuckAfter = 2000 }: VirtualTimeOptions) {
    this.#clock = new JumpingClock(start);
    this.#scheduler = scheduler;
    this.#stuckAfter = stuckAfter;
  }

  now(): number {
    return this.#clock.now();
  }

  async advance(ms: number, options: WaitOptions = {}): Promise<void> {
    expectTime("ms", ms);
    if (ms > 0) await sleep(ms, options);
    await waitAllBlocked(options);
  }

  ready(step: Parameters<Scheduler["ready"]>[0]): void {
    this.#steps++;
    this.#scheduler.ready(step);
  }

  async run<R>(body: VirtualBody<R>, { name, signal }: VirtualTimeOptions): Promise<R> {
    const main = (task: Task<unknown>): R | PromiseLike<R> => {
      this.#main = task;
      for (const { id, parent = 0 } of liveScopes()) if (id === task.id) this.#root = parent;
      return body(this, task);
    };
    const ending = run(main, {
      name: name ?? (body.name || "main"),
      signal,
      clock: this.#clock,
      scheduler: this,
      handleSignals: false,
    });
    const stop = watchStillness(
      () => this.#quiet(),
      () => this.#still(),
    );
    try {
      const value = await Promise.race([ending, this.#gaveUp]);
      if (this.#deadlock) throw this.#deadlock;
      return value;
    } catch (error) {
      throw this.#deadlock?.with(error) ?? error;
    } finally {
      stop();
    }
  }

  /** Whether nothing has happened since we last looked. */
  #quiet(): boolean {
    const seen = this.#steps + this.#clock.changes;
    if (seen === this.#seen) return true;
    this.#seen = seen;
    this.#lastMoved = realNow();
    return false;
  }

  /** Nothing has happened for some turns. */
  #still(): boolean {
    const main = this.#main;
    if (main && !stillnessIsAwaited() && busyTasks(main).length === 0) {
      if (this.#clock.jump()) return true;
      if (!mayGoOn(this.#root)) return this.#endDeadlock(main);
    }
    if (realNow() - this.#lastMoved >= this.#stuckAfter) {
      this.#lastMoved = Infinity; // and once is enough
      printTree(`Nothing has moved for ${this.#stuckAfter} ms`);
    }
    return false;
  }

  /** Ends the tasks that wait for each other; when that does not help, leaves them. */
  #endDeadlock(main: Task<unknown>): true {
    const first = this.#deadlock === undefined;
    this.#deadlock ??= new DeadlockError();
    if (!first || !main.cancel(this.#deadlock)) this.#giveUp(this.#deadlock);
    return true;
  }
}
