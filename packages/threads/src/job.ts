import type { CallMessage, Outcome, Place, RemoteChild, WireError } from "joinery/executor";
import { type Answer, type Assignment, assignmentFor, type Order, outcomeOf } from "./pool.ts";
import type { Waiting } from "./waiting-line.ts";

/** Who sees to what becomes of a call. */
export interface JobOwner {
  stop(job: Job, why: WireError): void;
  over(job: Job, outcome: Outcome): void;
  failed(job: Job, error: Error, lastWords: WireError | undefined): void;
}

/** A call on its way: for the executor a child, for the pool an order, and it says where it is. */
export class Job implements RemoteChild, Order, Place, Waiting<Job> {
  readonly message: CallMessage;
  readonly transfer: readonly object[];
  readonly ended: Promise<Outcome>;
  before: Job | undefined;
  behind: Job | undefined;
  slot = -1;
  attempt = 1;
  thread: number | undefined;
  /** Why it is to stop, if it is. */
  why: WireError | undefined;
  isOver = false;
  terminated = false;
  /** What ends its thread if it does not stop. */
  patience: ReturnType<typeof setTimeout> | undefined;
  readonly #owner: JobOwner;
  readonly #began: (place: Place) => void;
  #end!: (outcome: Outcome) => void;

  constructor(
    owner: JobOwner,
    message: CallMessage,
    began: (place: Place) => void,
    transfer: readonly object[],
  ) {
    this.#owner = owner;
    this.#began = began;
    this.message = message;
    this.transfer = transfer;
    this.ended = new Promise((end) => (this.#end = end));
  }

  get worker(): string {
    return this.thread === undefined ? "no thread" : `thread ${this.thread}`;
  }

  get assignment(): Assignment {
    return assignmentFor(this.message, this.slot, this.attempt);
  }

  assign(thread: number): void {
    this.thread = thread;
    if (!this.isOver) this.#began(this);
  }

  cancel(why: WireError): void {
    this.#owner.stop(this, why);
  }

  done(answer: Answer): void {
    this.#owner.over(this, outcomeOf(answer));
  }

  failed(error: Error, lastWords?: WireError): void {
    this.#owner.failed(this, error, lastWords);
  }

  /** To be run again, from the beginning. */
  again(): this {
    this.attempt++;
    this.thread = undefined;
    return this;
  }

  end(outcome: Outcome): void {
    this.isOver = true;
    if (this.patience) clearTimeout(this.patience);
    this.#end(outcome);
  }
}
