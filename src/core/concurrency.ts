/** How many children of a group run at once. */

import { expectConcurrency } from "./arguments.ts";
import { nextTurn } from "./clock.ts";
import { explicitSignal, runInside } from "./context.ts";
import { append, type Linked, remove } from "./linked.ts";
import { firstStep, goOn } from "./scheduler.ts";
import type { TaskScope } from "./task.ts";
import type { Outcome } from "./task-handle.ts";

/**
 * What a {@link Limiter} gives: given back by its `release()`, or, if it has none, by its `[Symbol.dispose]()`.
 */
export type Permit = object;

/**
 * What a `concurrency` option takes instead of a number: something that hands out permits. It may be
 * shared between groups. The shape is that of the TC39 proposal for a `Governor`.
 */
export interface Limiter {
  /** Waits for a permit. `signal` is that of the task that is to have it. */
  acquire(options: { signal: AbortSignal }): PromiseLike<Permit>;
  /**
   * `true` if it waits by joinery's functions only: then it hears of a cancellation as all code of a task does, and is given
   * a signal only where the runtime has no ambient scope. With one each, 10,000 tasks that wait take up to four times as long.
   */
  readonly hearsScope?: boolean;
}

/** What lets the tasks of a group take their first step. */
export interface Gate {
  /** Has `task` begin, with a pass, when there is a place for it; in the asynchronous context of this call. */
  admit(task: TaskScope<unknown>): void;
}

/** What a task holds of a gate. */
export interface Pass {
  /** The task is over, and gives its place to another. */
  release?(how: Outcome, what: unknown): void;
  /** The task is cancelled before it had a place. */
  abandon?(): void;
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

/** Lets `limit` tasks in at a time; the others queue, first come, first served. Is the pass of those that are in. */
class CountingGate implements Gate, Pass {
  #free: number;
  first: Place | undefined;

  constructor(limit: number) {
    this.#free = limit;
  }

  admit(task: TaskScope<unknown>): void {
    if (task.cancellation) return task.begin();
    if (this.#free === 0) return void new Place(this, task);
    this.#free--;
    task.begin(this);
  }

  release(how: Outcome): void {
    if (how === "failed") afterAnswer(() => this.#next());
    else this.#next();
  }

  #next(): void {
    if (this.first) this.first.enter();
    else this.#free++;
  }
}

/**
 * A place in the queue of a gate. The first step is registered at once, as a reaction, and so keeps the asynchronous context of
 * `createTask`; a snapshot of it would do the same, and cost a resource for each task that waits.
 */
class Place implements Pass, Linked<Place> {
  readonly #gate: CountingGate;
  readonly #task: TaskScope<unknown>;
  readonly #proceed: (place: Place) => void;
  previous: Place | undefined;
  following: Place | undefined;

  constructor(gate: CountingGate, task: TaskScope<unknown>) {
    this.#gate = gate;
    this.#task = task;
    gate.first = append(gate.first, this as Place);
    task.hold(this);
    void new Promise<Place>(capture).then(start);
    this.#proceed = captured;
  }

  start(): void {
    this.#task.start();
  }

  enter(): void {
    this.#leave(this.#gate);
  }

  /** The task goes through without a place, and ends without its first step. */
  abandon(): void {
    this.#leave();
  }

  #leave(pass?: Pass): void {
    this.#gate.first = remove(this.#gate.first, this as Place);
    this.#task.hold(pass);
    goOn(this.#task, firstStep, () => this.#proceed(this));
  }
}

// Shared by all places, of which there are many: closures of their own would be a third of what each costs.
let captured!: (place: Place) => void;
const capture = (proceed: (place: Place) => void): void => void (captured = proceed);
const start = (place: Place): void => place.start();

/** The group answers a failure in the next turn: until it has, nobody new is let in. */
export function afterAnswer(letIn: () => void): void {
  nextTurn(() => nextTurn(letIn));
}

/** Asks a limiter of somebody else. Its waits count as the task's own. */
class LimiterGate implements Gate {
  readonly #limiter: Limiter;

  constructor(limiter: Limiter) {
    this.#limiter = limiter;
  }

  admit(task: TaskScope<unknown>): void {
    if (task.cancellation) return task.begin();
    const threw = (error: unknown): void => task.threw(error);
    try {
      const permit = runInside(task, () => this.#limiter.acquire(this.#optionsFor(task)));
      Promise.resolve(permit).then((got) => task.begin({ release: () => giveBack(got) }), threw);
    } catch (error) {
      threw(error);
    }
  }

  #optionsFor(task: TaskScope<unknown>): { signal: AbortSignal } {
    const signal = this.#limiter.hearsScope === true ? explicitSignal(task) : task.signal;
    return { signal } as { signal: AbortSignal };
  }
}

function giveBack(permit: Permit & { release?(): void; [Symbol.dispose]?(): void }): void {
  if (permit.release) permit.release();
  else permit[Symbol.dispose]?.();
}
