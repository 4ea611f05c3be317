/**
 * The iterator that every loop over `joinery/iter` goes through, and who owns the work behind it.
 *
 *   the block of the first next()
 *   └─ group "map()"              open until the loop is over; cancelled only from outside
 *      └─ task "pull"             cancelled when the loop is left
 *         └─ group                fails as one
 *            └─ tasks
 *
 * Between two steps the code of the loop is in its own scope, as it was before; the work runs beside it.
 *
 * L1. Nothing is opened or pulled before the first `next()`.
 * L2. The work belongs to the block in which that was called. A block that ends before its loop is over
 *     has left a scope open: the work is cancelled and awaited, and the block throws.
 * L3. When `next()` says that it is over, or throws an error of the work, or `return()` resolves, all work
 *     is over and the sources are let go.
 * L4. An error of the work comes out of `next()`, once, and after what was ready. One that the loop has not
 *     got when it is left is a process warning: where the body of the loop has thrown, the language drops
 *     what `return()` throws, and nobody can tell whether it has.
 * L5. A cancel of a narrower scope than that block ends the step, and loses no result.
 */

import { expectOptions } from "../core/arguments.ts";
import { ExceptionGroup, type Task, taskGroup, type TaskGroup } from "../core/index.ts";
import { warn } from "../core/host.ts";
import { finished, Outlet, type Step } from "./outlet.ts";

export interface IterationOptions {
  /** Cancels the iteration as well. Default: the ambient scope's signal. */
  signal?: AbortSignal | undefined;
}

/** What the functions of `joinery/iter` return: an async iterator to be used once, in `for await`. */
export interface Iteration<T> extends AsyncIterableIterator<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  /** Leaves the loop: cancels the work and waits for it. `for await` calls it. */
  return(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): Iteration<T>;
}

/** Fills `outlet`, inside a group of its own; resolves when that is over. */
export type Work<T> = (outlet: Outlet<T>, options: { signal: AbortSignal }) => Promise<unknown>;

/** The handles of an iteration that has begun. */
interface Begun {
  readonly group: TaskGroup;
  readonly task: Task<unknown>;
  /** Ends the group, once the task is over. */
  readonly release: () => void;
}

export class LoopIteration<T> implements Iteration<T> {
  readonly #name: string;
  readonly #work: Work<T>;
  readonly #options: IterationOptions;
  readonly #outlet = new Outlet<T>();
  #beginning: Promise<Begun> | undefined;
  #over = false;
  /** Resolves when all work is over. */
  #ended: Promise<void> | undefined;
  /** What the work has thrown, until somebody gets it. */
  #error: ExceptionGroup | undefined;

  constructor(name: string, options: IterationOptions, work: Work<T>) {
    expectOptions(options);
    this.#name = name;
    this.#work = work;
    this.#options = options;
  }

  async next(): Promise<Step<T>> {
    if (this.#over) return this.return(); // which waits
    const { group } = await (this.#beginning ??= this.#begin());
    try {
      const step = group.signal.aborted ? finished() : await this.#outlet.take();
      if (!step.done) return step;
    } catch (error) {
      if (!group.signal.aborted) throw error; // only this step was cancelled
    }
    const error = await this.#end();
    if (error) throw error;
    if (group.signal.aborted) throw group.signal.reason;
    return finished();
  }

  async return(): Promise<Step<T>> {
    const error = await this.#end();
    for (const leaf of error ?? [])
      warn("JOINERY_LATE_ERROR", `${this.#name} failed after its loop was left: ${String(leaf)}`);
    return finished();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #begin(): Promise<Begun> {
    return new Promise((begun) => {
      const held = taskGroup((group) => this.#hold(group, begun), {
        name: this.#name,
        signal: this.#options.signal,
        onError: "collect", // an error of the work waits for the loop to ask
      });
      this.#ended = held.catch((error: unknown) => this.#failed(error));
      void this.#ended.then(() => this.#outlet.end());
    });
  }

  /** The body of the outer group: stays until the loop is over, or a cancel comes from outside. */
  #hold(group: TaskGroup, begun: (handles: Begun) => void): Promise<void> {
    const task = group.createTask((own) => this.#run(own), { name: "pull" });
    return new Promise((release) => {
      group.signal.addEventListener("abort", () => release());
      begun({ group, task, release });
    });
  }

  async #run(task: Task<unknown>): Promise<void> {
    try {
      await this.#work(this.#outlet, { signal: task.signal });
    } finally {
      this.#outlet.end();
    }
  }

  /** The outer group has one child, whose error this is; a cancellation is in its signal already. */
  #failed(error: unknown): void {
    if (error instanceof ExceptionGroup) this.#error = error.errors[0] as ExceptionGroup;
  }

  /** Ends the work and waits for it; what it threw goes to the first who asks. */
  async #end(): Promise<ExceptionGroup | undefined> {
    this.#over = true;
    if (this.#beginning === undefined) return undefined;
    const { task, release } = await this.#beginning;
    task.cancel("the loop is over");
    release();
    await this.#ended;
    const error = this.#error;
    this.#error = undefined;
    return error;
  }
}
