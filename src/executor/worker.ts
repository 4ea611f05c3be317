/**
 * The other side of a call: what every worker does with a message, wherever it got it from.
 *
 * E1. A call that is cancelled before it begins does not begin.
 * E2. The outcome is known when the function and everything it started are over, and not before.
 * E3. `ended` never rejects: whatever goes wrong is an outcome.
 */

import { badArgument } from "../core/arguments.ts";
import { explicitSignal } from "../core/context.ts";
import {
  CancelledError,
  createTask,
  InvalidStateError,
  moveOnAfter,
  type Task,
  type TaskFunction,
} from "../core/index.ts";
import { asError, isThenable } from "../core/errors.ts";
import type { TaskScope } from "../core/task.ts";
import { decodeError, decodeValue } from "./decode.ts";
import { encodeError, encodeValue } from "./encode.ts";
import type { CallMessage, Outcome, Place, RemoteChild } from "./engine.ts";
import { withHeaders } from "./propagation.ts";
import { type RemoteCode, type Served, servedBy } from "./remote.ts";
import { type Attempt, RunningCall, type ScopeOfCall } from "./running-call.ts";
import type { Json, WireError } from "./wire.ts";

export interface WorkerOptions {
  /** What it is called, for people: `thread 3`. */
  name: string;
  /** Whether values are moved by structured cloning, as the engine says of itself. */
  clones?: boolean;
}

export interface AttemptOptions {
  /** Which attempt this is. Default: 1. */
  attempt?: number;
  /**
   * Looks whether a cancel has come that no event could tell of, and passes it on to `cancel`. Called whenever the
   * function asks, also from a loop that never waits.
   */
  poll?: () => void;
  /** Told of what is to be moved into the result instead of being copied. */
  transfer?: (objects: readonly object[]) => void;
}

/** A call that runs at a worker. */
export interface WorkerChild extends RemoteChild {
  /** What the first `cancel` said, if one came: when the call ends cancelled, it is known by whom. */
  readonly reason: WireError | undefined;
}

/** What runs calls. Made by {@link createWorker}. */
export interface RemoteWorker {
  readonly name: string;
  /**
   * Runs a call in a task of its own. `ended` resolves with its outcome once the function and its cleanup are over, and never
   * rejects; `cancel` stops it. It begins in a later microtask: one that is cancelled at once never does.
   */
  spawn(message: CallMessage, options?: AttemptOptions): WorkerChild;
}

/**
 * Makes the worker of an engine: what runs calls, on the other side. `functions` is a module, or any object, with
 * the remote functions that it serves.
 *
 * Its `spawn` is that of an {@link Engine} without the way in between: the function gets a task of its own, with the
 * deadline of the caller, and its outcome is known, and encoded, when its cleanup is over.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if there is no remote function in `functions`, or two have one name.
 *
 * *Cancellation*: by `cancel` of what `spawn` gives, and by nothing else: a worker is not part of the scope that made it.
 *
 * @example
 * ```ts
 * import { createWorker, remote } from "joinery/executor";
 *
 * const hello = remote("hello", (name: string) => `hello ${name}`);
 * const worker = createWorker({ hello }, { name: "worker 1" });
 * const child = worker.spawn({ fn: "hello", input: "you", key: "1", idempotent: false });
 * console.log((await child.ended).status); // value
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

  spawn(message: CallMessage, options: AttemptOptions = {}): WorkerChild {
    const place = { worker: this.name, attempt: options.attempt ?? 1 };
    const attempt = { message, options, place };
    const task = createTaskFor(message, (own) => this.#run(own, attempt));
    // Not awaited: that would be a wait of the scope around, which may be cancelled.
    const ended = new Promise<Outcome>((end) => {
      task.whenOver(() => end(outcomeOf(task, place)));
    });
    return new Child(ended, task);
  }

  #run(task: Task<unknown>, attempt: Attempt): unknown {
    const { message } = attempt;
    const code = this.#code(message.fn);
    const input = this.#clones ? message.input : decodeValue(message.input);
    const body = (scope: ScopeOfCall): unknown => code(input, new RunningCall(scope, attempt));
    const value =
      message.timeLeft === undefined ? body(task) : inTime(message.timeLeft, task, body);
    if (this.#clones) return value;
    const encode = (result: unknown): Json => encodeValue(result, `result of ${message.fn}`);
    return isThenable(value) ? Promise.resolve(value).then(encode) : encode(value);
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
}

class Child implements WorkerChild {
  readonly ended: Promise<Outcome>;
  reason: WireError | undefined;
  readonly #task: TaskScope<unknown>;

  constructor(ended: Promise<Outcome>, task: TaskScope<unknown>) {
    this.ended = ended;
    this.#task = task;
  }

  /** Engines say so of each call when it is over as well: that costs nothing. */
  cancel(why: WireError): void {
    if (this.#task.done()) return;
    this.reason ??= why;
    this.#task.cancelWith(cancellationOf(why), false);
  }
}

/** What belongs to the caller is there where the task is created, and so for all that looks at the task. */
function createTaskFor(
  { fn, headers }: CallMessage,
  run: TaskFunction<unknown>,
): TaskScope<unknown> {
  const create = (code: TaskFunction<unknown>): Task<unknown> => createTask(code, { name: fn });
  try {
    return withHeaders(headers, () => create(run)) as TaskScope<unknown>;
  } catch (error) {
    return create(() => Promise.reject(asError(error))) as TaskScope<unknown>; // E3
  }
}

/** The cancellation that a caller asked for. */
function cancellationOf(why: WireError): CancelledError {
  const error = decodeError(why);
  if (error instanceof CancelledError) return error;
  return new CancelledError(error.message, { source: "parent", cause: error });
}

/** Runs `body` with the deadline of the caller, which cancels it here as well. */
async function inTime(
  ms: number,
  task: Task<unknown>,
  body: (scope: ScopeOfCall) => unknown,
): Promise<unknown> {
  let returned = false;
  const untilReturned = async (scope: ScopeOfCall): Promise<unknown> => {
    const value = await body(scope);
    returned = true;
    return value;
  };
  const { value } = await moveOnAfter(ms, untilReturned, { signal: explicitSignal(task) });
  if (!returned) throw new DeadlinePassed(task.name);
  return value;
}

/** The deadline of the caller passed here first. */
class DeadlinePassed extends CancelledError {
  constructor(task: string) {
    super(`${task} was cancelled: the deadline of its caller passed`, { source: "deadline" });
  }
}

function outcomeOf(task: Task<unknown>, place: Place): Outcome {
  try {
    return { status: "value", value: task.result() as Json };
  } catch (error) {
    const cancelled = task.cancelled() || error instanceof DeadlinePassed;
    return { status: cancelled ? "cancelled" : "error", error: encodeError(error), ...place };
  }
}
