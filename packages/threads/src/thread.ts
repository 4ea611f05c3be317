/** What a thread does with what it gets, whatever it is made of. */

import {
  createWorker,
  encodeError,
  type Outcome,
  type RemoteWorker,
  type WireError,
} from "joinery/executor";
import type { Cells } from "./cells.ts";
import type { Assignment } from "./pool.ts";

const nothing: readonly object[] = [];

export interface ThreadSettings {
  readonly id: number;
  /** Finds the remote functions. Called with the first call. */
  readonly load: () => Promise<object>;
  /** Where cancels are to be seen. Without it they come as messages. */
  readonly cells: Cells | undefined;
}

export class Thread {
  readonly #id: number;
  readonly #load: ThreadSettings["load"];
  readonly #cells: Cells | undefined;
  #worker: RemoteWorker | undefined;
  /** Looks whether the call that runs is to stop. */
  #look: (() => void) | undefined;
  #slot: number | undefined;
  /** Why the call that runs is to stop, if a message said so. */
  #why: WireError | undefined;
  /** What is to be moved to the caller with the outcome of the last call. */
  moved: readonly object[] = nothing;

  constructor({ id, load, cells }: ThreadSettings) {
    this.#id = id;
    this.#load = load;
    this.#cells = cells;
    void cells?.watch(() => this.#look?.());
  }

  /** Runs a call, one at a time. Never rejects. */
  async run(assignment: Assignment): Promise<Outcome> {
    [this.#slot] = assignment;
    this.#why = undefined;
    this.moved = nothing;
    try {
      this.#worker ??= await this.#start();
    } catch (error) {
      return { status: "error", error: encodeError(error) };
    }
    const outcome = await this.#spawn(this.#worker, assignment);
    this.#look = undefined;
    return outcome;
  }

  /** A message says that the call that runs is to stop. */
  cancel(why: WireError): void {
    this.#why = why;
    this.#look?.();
  }

  /** Says what the thread dies of, so that the caller hears more than that it did. */
  die(error: unknown): void {
    if (this.#slot !== undefined) this.#cells?.die(this.#slot, this.#id, encodeError(error));
  }

  async #start(): Promise<RemoteWorker> {
    return createWorker(await this.#load(), { name: `thread ${this.#id}`, clones: true });
  }

  #spawn(worker: RemoteWorker, assignment: Assignment): Promise<Outcome> {
    const [slot, attempt, fn, input, key, timeLeft, headers] = assignment;
    const message = {
      fn,
      input,
      key,
      idempotent: false, // whether it is run again is none of its business
      ...(timeLeft !== undefined && { timeLeft }),
      ...(headers && { headers }),
    };
    const look = (): void => {
      const why = this.#why ?? this.#cells?.reason(slot);
      if (why) child.cancel(why);
    };
    const transfer = (objects: readonly object[]): void => {
      this.moved = [...this.moved, ...objects];
    };
    const child = worker.spawn(message, {
      attempt,
      transfer,
      ...(this.#cells && { poll: look }),
    });
    this.#look = look;
    look();
    return child.ended;
  }
}

/** The remote functions of modules, by URL. */
export async function importAll(urls: readonly string[]): Promise<object> {
  const modules = urls.map((url) => import(url) as Promise<Record<string, unknown>>);
  return (await Promise.all(modules)).flatMap((module) => Object.values(module));
}
