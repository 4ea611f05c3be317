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
import { type Pool, ThreadsDoNotStart } from "./pool.ts";

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

/**
 * Hands calls to threads, one to each at a time; the others wait here, first come, first served. So a call that is
 * cancelled while it waits is simply not there any more.
 */
export class ThreadsEngine implements Engine {
  readonly name: string;
  readonly concurrency: number;
  readonly clones = true;
  readonly #grace: number;
  readonly #start: EngineSettings["start"];
  readonly #cells: Cells;
  readonly #free: number[];
  readonly #waiting = new Set<Job>();
  #pool: Pool | undefined;

  constructor({ name, threads, grace, start }: EngineSettings) {
    this.name = name;
    this.concurrency = threads;
    this.#grace = grace;
    this.#start = start;
    this.#cells = new Cells(threads);
    this.#free = Array.from({ length: threads }, (_, cell) => cell);
  }

  spawn(
    message: CallMessage,
    began: (place: Place) => void,
    transfer: readonly object[],
  ): RemoteChild {
    const job = new Job(message, began, transfer);
    this.#waiting.add(job);
    this.#next();
    return { ended: job.ended, cancel: (why) => this.#cancel(job, why) };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  #next(): void {
    for (const job of this.#waiting) {
      const cell = this.#free.pop();
      if (cell === undefined) return;
      this.#waiting.delete(job);
      void this.#run(job, cell);
    }
  }

  async #run(job: Job, cell: number): Promise<void> {
    const cells = this.#cells;
    cells.clear(cell);
    job.cell = cell;
    const pool = (this.#pool ??= this.#start(cells.memory));
    const attempt = ++job.attempt;
    job.began({
      attempt,
      get worker() {
        return nameOf(cells.threadOf(cell));
      },
    });
    const outcome = await pool
      .run({ message: job.message, attempt, cell }, job.transfer)
      .catch((error: unknown) => this.#failed(job, error as Error));
    clearTimeout(job.patience);
    job.cell = undefined;
    this.#free.push(cell);
    if (outcome === undefined) this.#waiting.add(job);
    else job.end(outcome);
    this.#next();
  }

  /** The outcome of a call whose thread has none for it; `undefined` if it is to be run again. */
  #failed(job: Job, error: Error): Outcome | undefined {
    const place = {
      worker: nameOf(this.#cells.threadOf(job.cell as number)),
      attempt: job.attempt,
    };
    if (error.name === "DataCloneError" || error instanceof ThreadsDoNotStart)
      return { status: "error", error: encodeError(error), ...place };
    if (job.why && job.terminated)
      return { status: "cancelled", error: job.why, terminated: true, ...place };
    if (job.message.idempotent && job.why === undefined && job.attempt < mostAttempts)
      return undefined;
    return { status: "lost", lost: "worker", message: error.message, ...place };
  }

  #cancel(job: Job, why: WireError): void {
    if (job.why !== undefined) return;
    job.why = why;
    if (this.#waiting.delete(job)) return job.end({ status: "cancelled", error: why });
    if (job.cell === undefined) return;
    this.#cells.cancel(job.cell, why);
    this.#bePatient(job);
  }

  /** Ends the thread of a call that does not end itself. One that has not begun has not seen the cancel yet: it will. */
  #bePatient(job: Job): void {
    if (this.#grace === Infinity) return;
    job.patience = setTimeout(() => {
      const thread = this.#cells.threadOf(job.cell as number);
      if (thread === 0) return this.#bePatient(job);
      job.terminated = true;
      this.#pool?.terminate(thread);
    }, this.#grace);
  }
}

function nameOf(thread: number): string {
  return thread === 0 ? "a new thread" : `thread ${thread}`;
}

/** A call on its way. */
class Job {
  readonly message: CallMessage;
  readonly began: (place: Place) => void;
  readonly transfer: readonly object[];
  readonly ended: Promise<Outcome>;
  end!: (outcome: Outcome) => void;
  attempt = 0;
  /** Its cell, while a thread has it. */
  cell: number | undefined;
  /** Why it is to stop, if it is. */
  why: WireError | undefined;
  terminated = false;
  patience: ReturnType<typeof setTimeout> | undefined;

  constructor(message: CallMessage, began: Job["began"], transfer: readonly object[]) {
    this.message = message;
    this.began = began;
    this.transfer = transfer;
    this.ended = new Promise((end) => (this.end = end));
  }
}
