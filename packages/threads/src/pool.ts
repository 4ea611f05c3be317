/** What the engine asks of the threads, whatever they are made of. */

import type { CallMessage, Json, Outcome, WireError } from "joinery/executor";

/** What a thread gets: a list, and not an object, because the names of fields are copied with every call. */
export type Assignment = [
  /** Where the call is in the pool: no other has that place at the same time. */
  slot: number,
  attempt: number,
  fn: string,
  input: CallMessage["input"],
  key: string,
  timeLeft?: CallMessage["timeLeft"],
  headers?: CallMessage["headers"],
];

/** What comes back: a value in a list for the same reason, everything else as it is. */
export type Answer = [value: Json] | Outcome;

/** Something for a thread to do. */
export interface Order {
  readonly assignment: Assignment;
  readonly transfer: readonly object[];
  readonly slot: number;
  /** The thread that has it, if one has. */
  readonly thread: number | undefined;
  /** To be called when a thread is found for it, before that gets the assignment. */
  assign(thread: number): void;
  /** To be called with what came back. */
  done(answer: Answer): void;
  /**
   * To be called instead if no outcome comes: with an error of the call (what cannot be cloned, threads that do not
   * start), or with what is known of a thread that has ended.
   */
  failed(error: Error, lastWords?: WireError): void;
}

/** No thread has seen the call. */
export class ThreadsDoNotStart extends Error {
  constructor(cause: Error) {
    super(`No thread could be started: ${cause.message}`, { cause });
  }
}

export interface Pool {
  /** Has a thread do it, in the order of the calls. It keeps its slot until it is over. */
  run(order: Order): void;
  /** Tells the thread of an order that it is to stop, or the one that is going to get it. */
  cancel(order: Order, why: WireError): void;
  /** Ends the thread of an order by force; another one takes its place. The order fails when the thread is gone. */
  terminate(order: Order): void;
  /** Ends all threads; none of them has anything to do. */
  close(): Promise<void>;
}

export function assignmentFor(message: CallMessage, slot: number, attempt: number): Assignment {
  const { fn, input, key, timeLeft, headers } = message;
  if (headers) return [slot, attempt, fn, input, key, timeLeft, headers];
  return timeLeft === undefined
    ? [slot, attempt, fn, input, key]
    : [slot, attempt, fn, input, key, timeLeft];
}

/** What comes back for an outcome. */
export function answerFor(outcome: Outcome): Answer {
  return outcome.status === "value" ? [outcome.value] : outcome;
}

/** The outcome that came back. */
export function outcomeOf(answer: Answer): Outcome {
  return Array.isArray(answer) ? { status: "value", value: answer[0] } : answer;
}
