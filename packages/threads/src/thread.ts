/** What a thread does with what it gets, whatever it is made of. */

import {
  createWorker,
  encodeError,
  type Outcome,
  type RemoteWorker,
  type WireError,
} from "joinery/executor";
import type { Cells } from "./cells.ts";
import { type Answer, answerFor, type Assignment } from "./pool.ts";

const nothing: readonly object[] = [];

export interface ThreadSettings {
  readonly id: number;
  /** Finds the remote functions. Called with the first call. */
  readonly load: () => Promise<object>;
  /** Where a cancel can be seen, also by a loop that never waits. */
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
  }

  /** Runs a call, one at a time. Never rejects. */
  async run(assignment: Assignment): Promise<Answer> {
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
    return answerFor(outcome);
  }

  /** Somewhere a call is to stop; a message says why, if it is the one that runs here. */
  wake(why?: WireError): void {
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
  const modules = urls.map(
    // Bundlers are to leave it alone: the URL is not known before.
    (url) => import(/* @vite-ignore */ /* webpackIgnore: true */ url) as Promise<object>,
  );
  return (await Promise.all(modules)).flatMap((module): unknown[] => Object.values(module));
}
