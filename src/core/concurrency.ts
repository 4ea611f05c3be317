/** How many children of a group run at once. */

import { expectConcurrency } from "./arguments.ts";
import { runInside } from "./context.ts";
import { nextTurn } from "./clock.ts";
import type { TaskScope } from "./task.ts";

/**
 * What a {@link Limiter} gives: given back by its `release()`, or, if it has none, by its `[Symbol.dispose]()`.
 */
export type Permit = object;

/**
 * What a `concurrency` option takes instead of a number: something that hands out permits. It may be
 * shared between groups. The shape is that of the TC39 proposal for a `Governor`.
 */
export interface Limiter {
  acquire(options: { signal: AbortSignal }): PromiseLike<Permit>;
}

export type Release = (failed: boolean) => void;

/** What lets a task take its first step. */
export interface Gate {
  /** Resolves when `task` may start, or is cancelled; with what is called when it is over. */
  admit(task: TaskScope<unknown>): Promise<Release | undefined>;
}

/** The gate for a `concurrency` option; none for a group without a limit. */
export function gateFor(concurrency: number | Limiter | undefined): Gate | undefined {
  if (concurrency === undefined) return undefined;
  if (isLimiter(concurrency)) return new LimiterGate(concurrency);
  expectConcurrency(concurrency);
  return concurrency === Infinity ? undefined : new CountingGate(concurrency);
}

function isLimiter(value: number | Limiter): value is Limiter {
  return typeof (value as Partial<Limiter> | null)?.acquire === "function";
}

/** Lets `limit` tasks in at a time; the others queue, first come, first served. */
class CountingGate implements Gate {
  #free: number;
  /** In order of arrival; a `Map` because a cancelled task leaves from anywhere. */
  readonly #queue = new Map<TaskScope<unknown>, (release: Release | undefined) => void>();
  /** Goes on where it was: a new iterator would step over all that have left. */
  #order = this.#queue.entries();
  readonly #release = (failed: boolean): void => {
    // The group answers a failure in the next turn: until it has, nobody new is let in.
    if (failed) nextTurn(() => nextTurn(() => this.#next()));
    else this.#next();
  };

  constructor(limit: number) {
    this.#free = limit;
  }

  admit(task: TaskScope<unknown>): Promise<Release | undefined> {
    if (task.cancellation) return Promise.resolve(undefined);
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve(this.#release);
    }
    return new Promise((admit) => {
      this.#queue.set(task, admit);
      // A cancelled task goes through without a permit, and ends without its first step.
      task.onCancel = () => this.#queue.delete(task) && admit(undefined);
    });
  }

  #next(): void {
    let first = this.#order.next();
    // An iterator that has come to the end stays there.
    if (first.done) first = (this.#order = this.#queue.entries()).next();
    if (first.done) {
      this.#free++;
      return;
    }
    const [task, admit] = first.value;
    this.#queue.delete(task);
    admit(this.#release);
  }
}

/** Asks a limiter of somebody else. Its waits count as the task's own. */
class LimiterGate implements Gate {
  readonly #limiter: Limiter;

  constructor(limiter: Limiter) {
    this.#limiter = limiter;
  }

  async admit(task: TaskScope<unknown>): Promise<Release | undefined> {
    if (task.cancellation) return undefined;
    const permit = await runInside(task, () => this.#limiter.acquire({ signal: task.signal }));
    return () => giveBack(permit);
  }
}

function giveBack(permit: Permit & { release?(): void; [Symbol.dispose]?(): void }): void {
  if (permit.release) permit.release();
  else permit[Symbol.dispose]?.();
}
