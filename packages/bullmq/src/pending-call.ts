import type { CallMessage, Outcome, Place, WireError } from "joinery/executor";

/** A call that is not over, as its caller keeps it. */
export class PendingCall {
  /** That of its job. */
  readonly id: string;
  readonly message: CallMessage;
  readonly began: (place: Place) => void;
  readonly ended: Promise<Outcome>;
  /** Resolves once it is in the queue, or has failed to get there. */
  added: Promise<void> = Promise.resolve();
  isAdded = false;
  /** Why it is to stop, if it is. */
  why: WireError | undefined;
  #end!: (outcome: Outcome) => void;
  #place: Place | undefined;

  constructor(id: string, message: CallMessage, began: (place: Place) => void) {
    this.id = id;
    this.message = message;
    this.began = began;
    this.ended = new Promise((end) => (this.#end = end));
  }

  begin(place: Place): void {
    this.#place = place;
    this.began(place);
  }

  /** A worker has begun it: it is not in the queue any more, unless it is lost. */
  get hasBegun(): boolean {
    return this.#place !== undefined;
  }

  end(outcome: Outcome): void {
    this.#end({ ...this.#place, ...outcome });
  }
}
