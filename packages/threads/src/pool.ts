/** What the engine asks of the threads, whatever they are made of. */

import type { CallMessage, Outcome } from "joinery/executor";

/** What a thread gets: a list, and not an object, because the names of fields are copied with every call. */
export type Assignment = [
  /** The cell of the thread that has it. */
  cell: number,
  attempt: number,
  fn: string,
  input: CallMessage["input"],
  key: string,
  timeLeft: CallMessage["timeLeft"],
  headers: CallMessage["headers"],
];

export function assignmentFor(message: CallMessage, attempt: number): Assignment {
  const { fn, input, key, timeLeft, headers } = message;
  return [-1, attempt, fn, input, key, timeLeft, headers];
}

/** Something for a thread to do. */
export interface Order {
  readonly assignment: Assignment;
  readonly transfer: readonly object[];
  /** To be called when a thread is found for it, before that gets the assignment. */
  assign(thread: number): void;
}

/** What a thread has to know before its first call. */
export interface ThreadSetup {
  /** The modules with the remote functions, by URL. */
  readonly modules: readonly string[];
  readonly memory: SharedArrayBuffer;
}

/** No thread has seen the call. */
export class ThreadsDoNotStart extends Error {
  constructor(cause: Error) {
    super(`No thread could be started: ${cause.message}`, { cause });
  }
}

export interface Pool {
  /** The threads that there are, by number. */
  readonly threads: readonly number[];
  /** Why there are none, and will be none. */
  readonly failure: ThreadsDoNotStart | undefined;
  /**
   * Has a thread do it, as soon as one is free. Rejects with what is known if the thread ended before it had an outcome;
   * with a `DataCloneError` if the input could not be cloned, then the thread goes on.
   */
  run(order: Order): Promise<Outcome>;
  /** Takes back what no thread has got yet. Returns `false` if one has. */
  withdraw(order: Order): boolean;
  /** Ends a thread by force. Its `run` rejects when it is gone; another thread takes its place. */
  terminate(thread: number): void;
  /** Ends all threads; none of them has anything to do. */
  close(): Promise<void>;
}
