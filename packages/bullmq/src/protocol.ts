/**
 * What is in Redis besides the queue of BullMQ: two kinds of streams.
 *
 *   <prefix>:<queue>:joinery-control             from all callers to all workers: who lives, and what is to stop
 *   <prefix>:<queue>:joinery-answers-<session>   from all workers to one caller: what has begun, and how it ended
 *
 * A session is the time in which a caller is connected. The queue carries its calls: a job for each.
 *
 * R1. A caller says that it lives before it hands over its first call, and again every `beatEvery(lease)`. A worker that has
 *     not heard of it for `lease` cancels its calls, and begins none.
 * R2. A cancel is stored, and repeated with every beat until the call is over: it reaches a worker that comes later as well.
 * R3. An answer is accepted only from the worker that has the lock of the job, and only once: a worker that lost it is fenced off.
 * R4. The answer is in the stream before the job is out of the queue. So a call that has neither will never have one.
 */

import type { CallMessage, Outcome, WireError } from "joinery/executor";

/** The data of a job. */
export interface JobData {
  readonly session: string;
  readonly message: CallMessage;
}

/** A caller lives. With a lease of 0 it has ended. */
interface Beat {
  readonly session: string;
  readonly lease: number;
}

/** These calls of it are to stop. */
interface Cancel {
  readonly session: string;
  readonly calls: readonly string[];
  readonly why: WireError;
}

export type Control = Beat | Cancel;

export interface Began {
  readonly began: string;
  readonly worker: string;
  readonly attempt: number;
}

interface Ended {
  readonly ended: string;
  readonly outcome: Outcome;
}

export type Answer = Began | Ended;

/** How long anything stays in a stream that nobody takes out, in milliseconds. */
export const retention = 600_000;

export function beatEvery(lease: number): number {
  return Math.min(lease / 4, 2500);
}

/** The names of the streams in a queue. BullMQ puts its prefix before them. */
export const controlKey = "joinery-control";
export const answersKey = (session: string): string => `joinery-answers-${session}`;

/** The one field of an entry. */
export const field = "entry";

/** `[lock, job, answers]`, `[token, answer, retention]`: puts an answer into the stream if the lock is still that of the worker (R3). */
export const answerScript: string = `
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call("HSETNX", KEYS[2], "answered", 1) == 0 then return 0 end
redis.call("XADD", KEYS[3], "*", "${field}", ARGV[2])
redis.call("PEXPIRE", KEYS[3], ARGV[3])
return 1`;
