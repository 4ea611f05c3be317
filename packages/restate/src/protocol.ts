/**
 * What goes through Restate. There are two services, named after the `service` of the options:
 *
 *   `joinery`           run: a call, as one invocation. cancel: sends a signal to the invocations of calls.
 *   `joinery.session`   an object for each executor that is open: its lease.
 *
 * Y1. A call is one invocation. Restate stores it, finds a worker, and keeps its outcome for who asks again.
 * Y2. A worker begins an attempt only after Restate has stored that it does: a worker that is cut off begins nothing, and
 *     whoever runs the call next knows that it was begun before.
 * Y3. A cancel is a signal, stored with the invocation: it is there before the call begins, or arrives while it runs.
 * Y4. The lease is a timer of Restate. Each beat of the caller sets the next one; one that is not overtaken by a beat ends the session.
 *     No clock of one machine is compared with that of another.
 * Y5. A worker looks at the sessions of the calls it runs. One that is over, or cannot be seen for the time of a lease, cancels them; a
 *     call whose session is over is not begun.
 */

import type { Context, ObjectContext } from "@restatedev/restate-sdk";
import type { CallMessage, Outcome, Place, WireError } from "joinery/executor";

/** A call, for `run`. */
export interface CallOrder {
  readonly session: string;
  /** Which call of the session. */
  readonly number: number;
  /** Milliseconds. */
  readonly lease: number;
  readonly message: CallMessage;
}

/** For `run`, in place of a call that was cancelled before it came. */
export interface Refusal {
  readonly refused: WireError;
}

/** For `cancel`. */
export interface CancelOrder {
  readonly session: string;
  readonly numbers: readonly number[];
  readonly why: WireError;
}

/** A call that has begun at a worker. */
export interface Begun extends Place {
  readonly number: number;
}

export interface Beat {
  /** The first one opens the session. */
  readonly number: number;
  /** Milliseconds until the session is over, unless there is another beat. */
  readonly within: number;
}

export interface BeatAnswer {
  readonly open: boolean;
  /** What began since the last beat. */
  readonly begun: readonly Begun[];
}

/** The handlers of `joinery`, as the SDK sees them. */
export interface CallService {
  run(context: Context, order: CallOrder | Refusal): Promise<Outcome>;
  cancel(context: Context, order: CancelOrder): Promise<void>;
}

/** The handlers of `joinery.session`. */
export interface SessionObject {
  beat(context: ObjectContext, beat: Beat): Promise<BeatAnswer>;
  expire(context: ObjectContext, number: number): Promise<void>;
  look(context: ObjectContext): Promise<boolean>;
  report(context: ObjectContext, begun: readonly Begun[]): Promise<void>;
  close(context: ObjectContext): Promise<void>;
}

export function sessionObject(service: string): string {
  return `${service}.session`;
}

/** By which Restate knows a call that it has got already. */
export function idempotencyKey(session: string, number: number): string {
  return `${session}-${number}`;
}

/** The name of the signal that cancels. */
export const cancelSignal = "cancel";

/** How often the caller beats in the time of a lease. */
export const beats = 8;

/** How long it waits between two beats at most: it hears by them where its calls run. */
export const slowestBeat = 1000;

/** The part of a lease after which the session is over: the rest is for a Restate that is slow, and for the workers to see it. */
export const expiry = 0.5;

/** How often a worker looks in the time of a lease. */
export const looks = 8;
