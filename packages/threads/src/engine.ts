import {
  type CallMessage,
  encodeError,
  type Engine,
  type Outcome,
  type Place,
  type RemoteChild,
  type WireError,
} from "joinery/executor";
import { Job, type JobOwner } from "./job.ts";
import { type Pool, ThreadsDoNotStart } from "./pool.ts";
import { WaitingLine } from "./waiting-line.ts";

/** How often a call is begun whose threads keep ending under it: it is probably what ends them. */
const mostAttempts = 3;

export interface EngineSettings {
  readonly name: string;
  readonly threads: number;
  /** Milliseconds after a cancel until a thread that does not react is ended. */
  readonly grace: number;
  /** How many calls the pool has at once: those that run, and those that are to follow without a pause. */
  readonly orders: number;
  /** Opens the pool. Called with the first call. */
  readonly open: () => Pool;
}

/** Hands calls to a pool, stops them, and sees to what becomes of those whose threads end. */
export class ThreadsEngine implements Engine, JobOwner {
  readonly name: string;
  readonly concurrency: number;
  readonly clones = true;
  readonly #grace: number;
  readonly #open: () => Pool;
  #pool: Pool | undefined;
  /** The places in the pool that are free. */
  readonly #slots: number[];
  /** The calls that wait for a place. */
  readonly #line = new WaitingLine<Job>();

  constructor({ name, threads, grace, orders, open }: EngineSettings) {
    this.name = name;
    this.concurrency = threads;
    this.#grace = grace;
    this.#open = open;
    this.#slots = Array.from({ length: orders }, (_, slot) => slot);
  }

  spawn(
    message: CallMessage,
    began: (place: Place) => void,
    transfer: readonly object[],
  ): RemoteChild {
    const job = new Job(this, message, began, transfer);
    const slot = this.#slots.pop();
    if (slot === undefined) this.#line.push(job);
    else this.#run(job, slot);
    return job;
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  #run(job: Job, slot: number): void {
    job.slot = slot;
    this.#pool ??= this.#open();
    this.#pool.run(job);
  }

  over(job: Job, outcome: Outcome): void {
    const next = this.#line.shift();
    if (next) this.#run(next, job.slot);
    else this.#slots.push(job.slot);
    job.end(outcome);
  }

  failed(job: Job, error: Error, lastWords: WireError | undefined): void {
    const { message, why, terminated, slot, worker, attempt } = job;
    const place = { worker, attempt };
    const known = lastWords ?? encodeError(error);
    if (known.name === "DataCloneError" || error instanceof ThreadsDoNotStart)
      this.over(job, { status: "error", error: known, ...place });
    else if (why && terminated)
      this.over(job, { status: "cancelled", error: why, terminated, ...place });
    else if (message.idempotent && !why && attempt < mostAttempts) this.#run(job.again(), slot);
    else this.over(job, { status: "lost", lost: "worker", message: known.message, ...place });
  }

  stop(job: Job, why: WireError): void {
    if (job.why || job.isOver) return;
    job.why = why;
    if (!this.#line.withdraw(job)) this.#pool!.cancel(job, why);
    // One that no thread has got yet never begins.
    if (job.thread === undefined) return job.end({ status: "cancelled", error: why });
    if (this.#grace === Infinity) return;
    job.patience = setTimeout(() => {
      job.terminated = true;
      this.#pool!.terminate(job);
    }, this.#grace);
  }
}
