/** What a thread does with what it gets, whatever it is made of. */

import { createWorker, encodeError, type Outcome, type RemoteWorker } from "joinery/executor";
import { Cells } from "./cells.ts";
import type { Assignment, ThreadSetup } from "./pool.ts";

const nothing: readonly object[] = [];

export class Thread {
  readonly #id: number;
  readonly #modules: readonly string[];
  readonly #cells: Cells;
  #worker: RemoteWorker | undefined;
  /** Looks whether the call that runs is to stop. */
  #look: (() => void) | undefined;
  #cell: number | undefined;
  /** What is to be moved to the caller with the outcome of the last call. */
  moved: readonly object[] = nothing;

  constructor(id: number, { modules, memory }: ThreadSetup) {
    this.#id = id;
    this.#modules = modules;
    this.#cells = new Cells(memory);
    void this.#cells.watch(() => this.#look?.());
  }

  /** Runs a call, one at a time. Never rejects. */
  run(assignment: Assignment): Promise<Outcome> {
    this.#cell = assignment[0];
    this.moved = nothing;
    return this.#worker ? this.#spawn(this.#worker, assignment) : this.#runFirst(assignment);
  }

  async #runFirst(assignment: Assignment): Promise<Outcome> {
    try {
      this.#worker = await this.#load();
    } catch (error) {
      return { status: "error", error: encodeError(error) };
    }
    return this.#spawn(this.#worker, assignment);
  }

  #spawn(worker: RemoteWorker, assignment: Assignment): Promise<Outcome> {
    const [cell, attempt, fn, input, key, timeLeft, headers] = assignment;
    const message = {
      fn,
      input,
      key,
      idempotent: false, // whether it is run again is none of its business
      ...(timeLeft !== undefined && { timeLeft }),
      ...(headers && { headers }),
    };
    const poll = (): void => {
      const why = this.#cells.reason(cell);
      if (why) child.cancel(why);
    };
    const transfer = (objects: readonly object[]): void => {
      this.moved = [...this.moved, ...objects];
    };
    const child = worker.spawn(message, { attempt, poll, transfer });
    this.#look = poll;
    poll();
    return child.ended;
  }

  async #load(): Promise<RemoteWorker> {
    const modules = await Promise.all(
      this.#modules.map((url) => import(url) as Promise<Record<string, unknown>>),
    );
    const functions = modules.flatMap((module) => Object.values(module));
    return createWorker(functions, { name: `thread ${this.#id}`, clones: true });
  }

  /** Says what the thread dies of, so that the caller hears more than that it did. */
  die(error: unknown): void {
    if (this.#cell !== undefined) this.#cells.die(this.#cell, encodeError(error));
  }
}
