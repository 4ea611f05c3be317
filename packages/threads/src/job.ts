import type { CallMessage, Outcome, Place, RemoteChild, WireError } from "joinery/executor";
import { type Assignment, assignmentFor, type Order } from "./pool.ts";

/** Who sees to what becomes of a call. */
export interface JobOwner {
  /** The cell of a thread, cleared for this call. */
  hand(job: Job, thread: number): number;
  stop(job: Job, why: WireError): void;
}

/** A call on its way: for the executor a child, for the pool an order, and it says where it is. */
export class Job implements RemoteChild, Order, Place {
  readonly message: CallMessage;
  readonly transfer: readonly object[];
  readonly ended: Promise<Outcome>;
  assignment: Assignment;
  attempt = 1;
  /** The thread that has it, or had it last; 0 if none has. */
  thread = 0;
  /** Why it is to stop, if it is. */
  why: WireError | undefined;
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
    this.assignment = assignmentFor(message, this.attempt);
    this.ended = new Promise((end) => (this.#end = end));
  }

  get worker(): string {
    return this.thread === 0 ? "no thread" : `thread ${this.thread}`;
  }

  get cell(): number {
    return this.assignment[0];
  }

  assign(thread: number): void {
    this.thread = thread;
    this.assignment[0] = this.#owner.hand(this, thread);
    this.#began(this);
  }

  cancel(why: WireError): void {
    this.#owner.stop(this, why);
  }

  /** To be run again, from the beginning. */
  again(): this {
    this.assignment = assignmentFor(this.message, ++this.attempt);
    return this;
  }

  end(outcome: Outcome): void {
    if (this.patience) clearTimeout(this.patience);
    this.#end(outcome);
  }
}
