import {
  type CallMessage,
  encodeError,
  type Engine,
  type Place,
  type RemoteChild,
  type WireError,
} from "joinery/executor";
import { Cells } from "./cells.ts";
import { Job, type JobOwner } from "./job.ts";
import type { Pool } from "./pool.ts";

/** How often a call is begun whose threads keep ending under it: it is probably what ends them. */
const mostAttempts = 3;

export interface EngineSettings {
  readonly name: string;
  readonly threads: number;
  /** Milliseconds after a cancel until a thread that does not react is ended. */
  readonly grace: number;
  /** Starts the threads, with the memory that they look into. Called with the first call. */
  readonly start: (memory: SharedArrayBuffer) => Pool;
}

/** Hands calls to a pool, stops them, and sees to what becomes of those whose threads end. */
export class ThreadsEngine implements Engine, JobOwner {
  readonly name: string;
  readonly concurrency: number;
  readonly clones = true;
  readonly #grace: number;
  readonly #start: EngineSettings["start"];
  readonly #cells: Cells;
  readonly #cellOf = new Map<number, number>();
  /** By cell: the last call that its thread has got. */
  readonly #calls: Job[] = [];
  #pool: Pool | undefined;

  constructor({ name, threads, grace, start }: EngineSettings) {
    this.name = name;
    this.concurrency = threads;
    this.#grace = grace;
    this.#start = start;
    this.#cells = new Cells(threads);
  }

  spawn(
    message: CallMessage,
    began: (place: Place) => void,
    transfer: readonly object[],
  ): RemoteChild {
    return this.#run(new Job(this, message, began, transfer));
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  #run(job: Job): Job {
    this.#pool ??= this.#start(this.#cells.memory);
    this.#pool.run(job).then(
      (outcome) => job.end(outcome),
      (error: Error) => this.#failed(job, error),
    );
    return job;
  }

  hand(job: Job, thread: number): number {
    const cell = this.#cell(thread);
    this.#cells.clear(cell);
    this.#calls[cell] = job;
    return cell;
  }

  /** The cell of a thread. That of one that has ended goes to one that is new. */
  #cell(thread: number): number {
    const known = this.#cellOf.get(thread);
    if (known !== undefined) return known;
    for (const old of this.#cellOf.keys())
      if (!this.#pool!.threads.includes(old)) this.#cellOf.delete(old);
    const taken = new Set(this.#cellOf.values());
    let cell = 0;
    while (taken.has(cell)) cell++;
    this.#cellOf.set(thread, cell);
    return cell;
  }

  /** No outcome came of the thread. */
  #failed(job: Job, error: Error): void {
    const { message, why, terminated, worker, attempt } = job;
    const place = { worker, attempt };
    const lastWords = job.thread === 0 ? undefined : this.#cells.lastWords(job.cell);
    const known = lastWords ?? encodeError(this.#pool!.failure ?? error);
    if (known.name === "DataCloneError" || this.#pool!.failure)
      job.end({ status: "error", error: known, ...place });
    else if (why && terminated) job.end({ status: "cancelled", error: why, terminated, ...place });
    else if (message.idempotent && !why && attempt < mostAttempts) this.#run(job.again());
    else job.end({ status: "lost", lost: "worker", message: known.message, ...place });
  }

  stop(job: Job, why: WireError): void {
    if (job.why !== undefined) return;
    job.why = why;
    if (this.#pool!.withdraw(job)) return job.end({ status: "cancelled", error: why });
    // The thread may have answered, and have the next call already.
    if (this.#calls[job.cell] !== job) return;
    this.#cells.cancel(job.cell, why);
    if (this.#grace === Infinity) return;
    job.patience = setTimeout(() => {
      job.terminated = true;
      this.#pool!.terminate(job.thread);
    }, this.#grace);
  }
}
