/**
 * The other side of a call: what every worker does with a message, wherever it got it from.
 *
 * E1. A call that is cancelled before it begins does not begin.
 * E2. The outcome is known when the function and everything it started are over, and not before.
 * E3. `execute` never rejects: whatever goes wrong is an outcome.
 */

import { badArgument } from "../core/arguments.ts";
import {
  CancelledError,
  createTask,
  InvalidStateError,
  moveOnAfter,
  shield,
  type Task,
} from "../core/index.ts";
import { decodeError, decodeValue } from "./decode.ts";
import { encodeError, encodeValue } from "./encode.ts";
import type { CallMessage, Outcome } from "./engine.ts";
import { polled } from "./polled-signal.ts";
import { withHeaders } from "./propagation.ts";
import { type RemoteCall, type RemoteCode, type Served, servedBy } from "./remote.ts";
import type { Json, WireError } from "./wire.ts";

export interface WorkerOptions {
  /** What it is called, for people: `thread 3`. */
  name: string;
  /** Whether values are moved by structured cloning, as the engine says of itself. */
  clones?: boolean;
}

export interface ExecuteOptions {
  /** Aborts when the call is to stop. Its reason is what `cancel` of the child was given. */
  signal: AbortSignal;
  /** Which attempt this is. Default: 1. */
  attempt?: number;
  /** Looks whether a cancel has come that no event could tell of, and aborts the signal: for loops that do not wait. */
  poll?: (() => void) | undefined;
  /** Told of what is to be moved into the result instead of being copied. */
  transfer?: (objects: readonly object[]) => void;
}

/** What runs calls. Made by {@link createWorker}. */
export interface RemoteWorker {
  readonly name: string;
  /** Runs a call, and resolves with its outcome once the function and its cleanup are over. Never rejects. */
  execute(message: CallMessage, options: ExecuteOptions): Promise<Outcome>;
}

/**
 * Makes the worker of an engine: what runs calls, on the other side. `functions` is a module, or any object, with
 * the remote functions that it serves.
 *
 * `execute` gives each call a task of its own, with the deadline of the caller, waits for its cleanup, and
 * resolves with the outcome, encoded. A call whose `signal` has aborted does not begin.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if there is no remote function in `functions`, or two have one name.
 *
 * *Cancellation*: by the `signal` of the call, and by nothing else: a worker is not part of the scope that made it.
 *
 * @example
 * ```ts
 * import { createWorker, remote } from "joinery/executor";
 *
 * const hello = remote("hello", (name: string) => `hello ${name}`);
 * const worker = createWorker({ hello }, { name: "worker 1" });
 * const message = { fn: "hello", input: "you", key: "1", idempotent: false };
 * const { signal } = new AbortController();
 * console.log((await worker.execute(message, { signal })).status); // value
 * ```
 *
 * Idea: a Temporal worker, without its queue.
 */
export function createWorker(functions: object, options: WorkerOptions): RemoteWorker {
  if (typeof options?.name !== "string") throw badArgument("name", "a string", options?.name);
  return new Worker(servedBy(functions), options);
}

class Worker implements RemoteWorker {
  readonly name: string;
  readonly #served: Served;
  readonly #clones: boolean;

  constructor(served: Served, { name, clones = false }: WorkerOptions) {
    this.name = name;
    this.#served = served;
    this.#clones = clones;
  }

  async execute(message: CallMessage, options: ExecuteOptions): Promise<Outcome> {
    const place = { worker: this.name, attempt: options.attempt ?? 1 };
    const stop = new AbortController();
    const { signal } = options;
    const abort = (): void => stop.abort(reasonOf(signal));
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    try {
      const run = (task: Task<unknown>): Promise<Json> => this.#run(task, message, options);
      const task = createTask(run, { name: message.fn, signal: stop.signal });
      return { ...(await outcomeOf(task)), ...place };
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #run(task: Task<unknown>, message: CallMessage, options: ExecuteOptions): Promise<Json> {
    const code = this.#code(message.fn);
    const input = this.#clones ? message.input : decodeValue(message.input);
    const body = ({ signal }: { readonly signal: AbortSignal }): unknown =>
      withHeaders(message.headers, () => code(input, this.#call(signal, message, options)));
    const value = await withDeadline(task, message, body);
    return this.#clones ? (value as Json) : encodeValue(value, `result of ${message.fn}`);
  }

  #code(fn: string): RemoteCode<unknown, unknown> {
    const code = this.#served.get(fn);
    if (code !== undefined) return code;
    const known = [...this.#served.keys()].join(", ");
    throw new InvalidStateError(
      "JOINERY_NOT_SERVED",
      `${this.name} has no remote function "${fn}", only ${known}. Pass it the module of that function.`,
    );
  }

  #call(own: AbortSignal, message: CallMessage, options: ExecuteOptions): RemoteCall {
    const { poll, attempt = 1, transfer } = options;
    const signal = poll ? polled(own, poll) : own;
    return {
      signal,
      key: message.key,
      attempt,
      worker: this.name,
      checkpoint() {
        if (signal.aborted) throw signal.reason;
      },
      transfer: (...objects) => transfer?.(objects),
    };
  }
}

/** The cancellation that the signal of a call stands for. */
function reasonOf({ reason }: AbortSignal): unknown {
  return reason instanceof Error ? reason : decodeError(reason as WireError);
}

/** Runs `body` in time: with the deadline of the caller, which cancels it here as well. */
async function withDeadline(
  task: Task<unknown>,
  { fn, timeLeft }: CallMessage,
  body: (scope: { readonly signal: AbortSignal }) => unknown,
): Promise<unknown> {
  if (timeLeft === undefined) return body(task);
  let returned = false;
  const inTime = async (scope: { readonly signal: AbortSignal }): Promise<unknown> => {
    const value = await body(scope);
    returned = true;
    return value;
  };
  const { value } = await moveOnAfter(timeLeft, inTime, { signal: task.signal, name: fn });
  if (!returned) throw new DeadlinePassed(fn);
  return value;
}

/** The deadline of the caller passed here first. */
class DeadlinePassed extends CancelledError {
  constructor(fn: string) {
    super(`${fn} was cancelled: the deadline of its caller passed`, { source: "deadline" });
  }
}

/** Waits for `task`, whatever is cancelled around, and says how it ended. */
async function outcomeOf(task: Task<Json>): Promise<Outcome> {
  try {
    const value = await shield(() => task, { within: Infinity });
    return { status: "value", value };
  } catch (error) {
    const cancelled = task.cancelled() || error instanceof DeadlinePassed;
    return { status: cancelled ? "cancelled" : "error", error: encodeError(error) };
  }
}
