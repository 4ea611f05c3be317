/** What the engine asks of the threads, whatever they are made of. */

import type { CallMessage, Outcome } from "joinery/executor";

/** What a thread gets. */
export interface Assignment {
  readonly message: CallMessage;
  readonly attempt: number;
  /** The cell that says whether the call is to stop. */
  readonly cell: number;
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
  /**
   * Has a free thread do it. Rejects with what is known if the thread ended before it had an outcome; with
   * a `DataCloneError` if something could not be cloned, then the thread goes on; with `ThreadsDoNotStart`.
   */
  run(assignment: Assignment, transfer: readonly object[]): Promise<Outcome>;
  /** Ends a thread by force. Its `run` rejects when it is gone; another thread takes its place. */
  terminate(thread: number): void;
  /** Ends all threads; none of them has anything to do. */
  close(): Promise<void>;
}
