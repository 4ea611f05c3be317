/** What the caller sees of an outcome that is no value. */

import { warn } from "../core/host.ts";
import { CancelledError, sleep, TimeoutError } from "../core/index.ts";
import type { Call } from "./call.ts";
import { decodeError } from "./decode.ts";
import type { Outcome, Place } from "./engine.ts";
import { LostError } from "./lost-error.ts";

type Failed = Exclude<Outcome, { status: "value" }>;

/** How much earlier than the caller's own a deadline may pass elsewhere: clocks differ. */
const skew = 1000;

interface Caller {
  /** Its cancellation, if it has asked the call to stop: what the call ends with is this very object. */
  readonly why: CancelledError | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The error for the caller of `call`. */
export async function failureOf(call: Call, outcome: Failed, caller: Caller): Promise<Error> {
  if (outcome.status === "lost") return lostError(call, outcome);
  if (outcome.status === "error") return noted(decodeError(outcome.error), call, outcome);
  if (outcome.terminated) warn("JOINERY_TERMINATED", terminated(call, outcome));
  return caller.why ?? unasked(call, decodeError(outcome.error), caller.signal);
}

/**
 * The error of a call that was cancelled although nobody here asked. When its deadline has passed there, it is
 * about to pass here, and the cancellation that it is here ends the wait. Unless it was moved meanwhile.
 */
async function unasked(call: Call, error: Error, signal: AbortSignal | undefined): Promise<Error> {
  if (!(error instanceof CancelledError) || error.source !== "deadline") return error;
  await sleep(skew, { signal });
  return new TimeoutError(`The deadline of ${call.fn} passed where it ran`, { cause: error });
}

/** Says where an error came from: `formatException` shows it. What never began came from nowhere. */
function noted(
  error: Error & { notes?: unknown },
  { fn }: Call,
  { worker, attempt = 1 }: Partial<Place>,
): Error {
  if (worker === undefined) return error;
  const note = `${fn} ran in ${worker}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
  error.notes = [error.notes ?? [], note].flat();
  return error;
}

const vanished = { worker: "its worker", lease: "the lease of its caller", engine: "the engine" };

function lostError(call: Call, { lost, message }: Outcome & { status: "lost" }): LostError {
  const known = message === undefined ? "" : ` (${message})`;
  const text =
    `${call.name} is lost with ${vanished[lost]}${known}: it may have run, or not. ` +
    "A remote function that is { idempotent: true } is run again instead.";
  return new LostError(text, lost);
}

function terminated({ fn }: Call, { worker }: Partial<Place>): string {
  return `${fn} did not react to its cancellation, and was ended with ${worker}: its cleanup did not run.`;
}
