import {
  type CallMessage,
  encodeError,
  type Engine,
  type Outcome,
  type Place,
  type RemoteChild,
  type WireError,
} from "joinery/executor";
import { Cells } from "./cells.ts";
import { type Assignment, type Order, type Pool, ThreadsDoNotStart } from "./pool.ts";

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
export class ThreadsEngine implements Engine {
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
    const job = new Job(message, transfer, (thread) => {
      job.take(thread, this.#cell(thread));
      this.#cells.clear(job.assignment.cell);
      this.#calls[job.assignment.cell] = job;
      began(job.place);
    });
    this.#run(job);
    return { ended: job.ended, cancel: (why) => this.#cancel(job, why) };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  #run(job: Job): void {
    this.#pool ??= this.#start(this.#cells.memory);
    this.#pool.run(job).then(
      (outcome) => job.end(outcome),
      (error: Error) => this.#failed(job, error),
    );
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
    const { message, why, terminated, place } = job;
    const lastWords = job.thread === 0 ? undefined : this.#cells.lastWords(job.assignment.cell);
    const known = lastWords ?? encodeError(error);
    if (known.name === "DataCloneError" || error instanceof ThreadsDoNotStart)
      job.end({ status: "error", error: known, ...place });
    else if (why && terminated) job.end({ status: "cancelled", error: why, terminated, ...place });
    else if (message.idempotent && !why && place.attempt < mostAttempts) this.#run(job.again());
    else job.end({ status: "lost", lost: "worker", message: known.message, ...place });
  }

  #cancel(job: Job, why: WireError): void {
    if (job.why !== undefined) return;
    job.why = why;
    if (this.#pool!.withdraw(job)) return job.end({ status: "cancelled", error: why });
    // The thread may have answered, and have the next call already.
    if (this.#calls[job.assignment.cell] !== job) return;
    this.#cells.cancel(job.assignment.cell, why);
    if (this.#grace === Infinity) return;
    job.patience = setTimeout(() => {
      job.terminated = true;
      this.#pool!.terminate(job.thread);
    }, this.#grace);
  }
}

/** A call on its way. */
class Job implements Order {
  readonly message: CallMessage;
  readonly transfer: readonly object[];
  readonly assign: (thread: number) => void;
  readonly ended: Promise<Outcome>;
  #end!: (outcome: Outcome) => void;
  assignment: Assignment;
  thread = 0;
  /** Why it is to stop, if it is. */
  why: WireError | undefined;
  terminated = false;
  patience: ReturnType<typeof setTimeout> | undefined;

  constructor(message: CallMessage, transfer: readonly object[], assign: (thread: number) => void) {
    this.message = message;
    this.transfer = transfer;
    this.assign = assign;
    this.assignment = { message, attempt: 1, cell: -1 };
    this.ended = new Promise((end) => (this.#end = end));
  }

  get place(): Place {
    const worker = this.thread === 0 ? "no thread" : `thread ${this.thread}`;
    return { worker, attempt: this.assignment.attempt };
  }

  /** A thread is about to get it. */
  take(thread: number, cell: number): void {
    this.thread = thread;
    this.assignment.cell = cell;
  }

  /** To be run again, from the beginning. */
  again(): this {
    this.assignment = { ...this.assignment, attempt: this.assignment.attempt + 1 };
    return this;
  }

  end(outcome: Outcome): void {
    clearTimeout(this.patience);
    this.#end(outcome);
  }
}
