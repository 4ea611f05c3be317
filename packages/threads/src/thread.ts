/** What a thread does with what it gets, whatever it is made of. */

import { createWorker, encodeError, type Outcome, type RemoteWorker } from "joinery/executor";
import { Cells } from "./cells.ts";
import type { Assignment, ThreadSetup } from "./pool.ts";

/** An outcome, and what is to be moved to the caller with it. */
export interface Answer {
  readonly outcome: Outcome;
  readonly transfer: object[];
}

export class Thread {
  readonly #id: number;
  readonly #modules: readonly string[];
  readonly #cells: Cells;
  #worker: RemoteWorker | undefined;
  /** Looks whether the call that runs is to stop. */
  #look: (() => void) | undefined;
  #cell: number | undefined;

  constructor(id: number, { modules, memory }: ThreadSetup) {
    this.#id = id;
    this.#modules = modules;
    this.#cells = new Cells(memory);
    void this.#cells.watch(() => this.#look?.());
  }

  /** Says what the thread dies of, so that the caller hears more than that it did. */
  die(error: unknown): void {
    if (this.#cell !== undefined) this.#cells.die(this.#cell, encodeError(error));
  }

  async run(assignment: Assignment): Promise<Answer> {
    this.#cell = assignment.cell;
    try {
      this.#worker ??= await this.#load();
    } catch (error) {
      return { outcome: { status: "error", error: encodeError(error) }, transfer: [] };
    }
    return this.#execute(this.#worker, assignment);
  }

  async #execute(worker: RemoteWorker, { message, attempt, cell }: Assignment): Promise<Answer> {
    const transfer: object[] = [];
    const poll = (): void => {
      const why = this.#cells.reason(cell);
      if (why) child.cancel(why);
    };
    const child = worker.spawn(message, {
      attempt,
      poll,
      transfer: (objects) => void transfer.push(...objects),
    });
    this.#look = poll;
    poll();
    const outcome = await child.ended;
    this.#look = undefined;
    return { outcome, transfer };
  }

  async #load(): Promise<RemoteWorker> {
    const modules = await Promise.all(
      this.#modules.map((url) => import(url) as Promise<Record<string, unknown>>),
    );
    const functions = modules.flatMap((module) => Object.values(module));
    return createWorker(functions, { name: `thread ${this.#id}`, clones: true });
  }
}
