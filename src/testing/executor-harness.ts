/** What somebody who tests an executor provides, and what the cases make of it. */

import { sleep } from "../core/index.ts";
import { type Executor, LostError } from "../executor/index.ts";
import {
  conformanceFunctions,
  type ConformanceFunctions,
  type JournalEntry,
} from "./executor-functions.ts";

/** Long enough to be cancelled, or lost. */
export const long = { ms: 600_000 };

/** Things that not every executor has: workers that can be killed apart from the caller, a server. */
export const abilities = [
  "closeWorker",
  "killWorker",
  "freezeWorker",
  "startParent",
  "restartServer",
] as const;

type Ability = (typeof abilities)[number];

/** An executor under test, and what can be done to it. */
export interface ExecutorHarness {
  /**
   * Opens an executor with two workers at least, which serve `conformanceFunctions`. It is closed by the case.
   */
  open(): Executor | Promise<Executor>;
  /** All lines that the functions have written so far, in the order of writing, in all workers. */
  journal(): readonly string[] | Promise<readonly string[]>;
  /** With `startParent`: milliseconds after its death in which everything of it has ended, lease and grace together. */
  readonly lease?: number;
  /**
   * Asks a worker to close, as its process does when it is to end: it takes nothing more, and what still runs after `within`
   * milliseconds is cancelled. Resolves when it is gone; there may be another in its place. It is named as its functions
   * see it, in `call.worker`.
   */
  closeWorker?(worker: string, within: number): Promise<void>;
  /** Ends a worker as `kill -9` does. It is named as its functions see it, in `call.worker`. */
  killWorker?(worker: string): Promise<void>;
  /** Stops a worker for so long that its calls are given up (`kill -STOP`); resolves with what lets it go on. */
  freezeWorker?(worker: string): Promise<() => Promise<void>>;
  /** Starts a process that runs `conformanceParent` with an executor of this kind; resolves with what kills it. */
  startParent?(id: string): Promise<() => Promise<void>>;
  /** Ends the server as `kill -9` does, and starts it again with what it had stored. */
  restartServer?(): Promise<void>;
  /** For each of these five that it has not: why the case does not apply. */
  readonly notApplicable?: { readonly [A in Ability]?: string };
}

/** A case, before it knows the executor. */
export interface CaseOf {
  readonly name: string;
  readonly needs?: Ability;
  readonly run: (bench: Bench) => Promise<void>;
}

/** What a case works with. */
export class Bench {
  readonly harness: ExecutorHarness;
  readonly executor: Executor;
  /** The functions, for calls. */
  readonly functions: ConformanceFunctions = conformanceFunctions();
  readonly #prefix: string;
  #children = 0;

  constructor(harness: ExecutorHarness, executor: Executor) {
    this.harness = harness;
    this.executor = executor;
    this.#prefix = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  }

  /** A name for a child, that no other has. */
  id(): string {
    return `${this.#prefix}-${++this.#children}`;
  }

  /** What the journal says of the child, or of all of this case. */
  async entries(id: string = this.#prefix): Promise<JournalEntry[]> {
    const all = (await this.harness.journal()).map((line) => JSON.parse(line) as JournalEntry);
    return all.filter((entry) => entry.id === id || entry.id.startsWith(`${id}-`));
  }

  /** The events of the child, or of all of this case. */
  async events(id?: string): Promise<string[]> {
    return (await this.entries(id)).map(({ event }) => event);
  }

  /** Waits until the journal has `count` times `event` for the child or the case. */
  async until(event: JournalEntry["event"], count: number, id?: string): Promise<JournalEntry[]> {
    const patience = 30_000;
    for (let waited = 0; waited < patience; waited += pause) {
      const found = (await this.entries(id)).filter((entry) => entry.event === event);
      if (found.length >= count) return found;
      await sleep(pause);
    }
    throw new Error(`${count} × "${event}" did not come within ${patience} ms`);
  }
}

/** How often the journal is read. */
export const pause = 10;

/** Fails the case unless the two are equal. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [actual, expected].map((value) => JSON.stringify(value));
  if (found !== wanted) throw new Error(`${what}: expected ${wanted}, got ${found}`);
}

/** Fails the case unless `condition` holds. */
export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Expected that ${what}`);
}

/** What `promise` rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const [result] = await Promise.allSettled([promise]);
  const error = (result as { reason?: unknown }).reason;
  holds(error instanceof Error, `there is an error: ${result.status}`);
  return error as Error & Record<string, unknown>;
}

/** Fails the case unless `error` says that the call is lost. */
export function isLost(error: unknown): asserts error is LostError {
  holds(error instanceof LostError, `it is a LostError, and not ${String(error)}`);
}

/** The same, with its worker. */
export function isLostWithWorker(error: unknown): void {
  isLost(error);
  same([error.code, error.lost], ["JOINERY_LOST", "worker"], "what it says");
}
