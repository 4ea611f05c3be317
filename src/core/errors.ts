/**
 * The whole catalogue of errors: every class, every code.
 *
 * - {@link CancelledError}: somebody asked for the work to stop. Control flow, not a failure.
 * - {@link TimeoutError}: a deadline of this program passed. A failure like any other.
 * - {@link InvalidStateError}: a handle was used at a moment when it cannot do that. A bug of the caller.
 * - `TypeError` and `RangeError` with a code: a bad argument, refused before anything started.
 *
 * Classes are recognised by a brand in the global symbol registry, so `instanceof` also
 * holds between two copies of the package in one process.
 */

/** Every code an error or a process warning of joinery can carry. */
export const errorCodes = [
  "JOINERY_CANCELLED",
  "JOINERY_TIMEOUT",
  "JOINERY_EXPECTED_FUNCTION",
  "JOINERY_STARTED_PROMISE",
  "JOINERY_INVALID_ARGUMENT",
  "JOINERY_INVALID_TIME",
  "JOINERY_INVALID_CONCURRENCY",
  "JOINERY_EMPTY_GROUP",
  "JOINERY_NOT_AN_ERROR",
  "JOINERY_NO_ITEMS",
  "JOINERY_NOT_DONE",
  "JOINERY_SELF_AWAIT",
  "JOINERY_GROUP_CLOSED",
  "JOINERY_NOT_CANCELLABLE",
  "JOINERY_SCOPE_CLOSED",
  "JOINERY_SCOPE_LEFT_OPEN",
  "JOINERY_NOT_STARTED",
  "JOINERY_ALREADY_STARTED",
  "JOINERY_NO_AMBIENT_SCOPE",
  "JOINERY_DEADLOCK",
  "JOINERY_LEFT_BEHIND",
  "JOINERY_SCHEDULE_FAILED",
  "JOINERY_NOT_REPEATABLE",
  "JOINERY_SEQUENCE",
  "JOINERY_RESISTS_CANCEL",
  "JOINERY_LATE_ERROR",
  "JOINERY_GHOST_ERROR",
  "JOINERY_INVALID_COUNT",
  "JOINERY_REENTRY",
  "JOINERY_NOT_HELD",
  "JOINERY_NOT_OWNER",
  "JOINERY_OWNER_ENDED",
  "JOINERY_BROKEN_BARRIER",
  "JOINERY_QUEUE_SHUT_DOWN",
  "JOINERY_TOO_MANY_DONE",
  "JOINERY_CHANNEL_CLOSED",
  "JOINERY_NO_RECEIVER",
  "JOINERY_END_OF_CHANNEL",
  "JOINERY_DOES_NOT_TRAVEL",
  "JOINERY_NOT_SERVED",
  "JOINERY_EXECUTOR_CLOSED",
  "JOINERY_LOST",
  "JOINERY_TERMINATED",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * Why a scope was cancelled:
 * `explicit` (somebody called `cancel`), `deadline`, `sibling-error` (another child of the group failed),
 * `parent` (whoever waits for the result was cancelled), `signal` (an outer `AbortSignal`), `shutdown`
 * (the block is over, or the process was asked to end).
 */
export type CancelSource =
  | "explicit"
  | "deadline"
  | "sibling-error"
  | "parent"
  | "signal"
  | "shutdown";

/** Marks `prototype` with `Symbol.for(brand)`, and makes `instanceof` look for that mark. */
export function branded<C extends new (...args: never[]) => object>(target: C, brand: string): C {
  const mark = Symbol.for(brand);
  Object.defineProperty(target.prototype, mark, { value: true });
  Object.defineProperty(target, Symbol.hasInstance, {
    value(this: unknown, candidate: unknown): boolean {
      // A subclass inherits this function, but its own instances carry no more than our mark.
      if (this !== target) return ordinaryHasInstance.call(this, candidate);
      return typeof candidate === "object" && candidate !== null && mark in candidate;
    },
  });
  return target;
}

const ordinaryHasInstance = Function.prototype[Symbol.hasInstance];

/** What a {@link CancelledError} says about the request behind it. */
export interface CancelDetails {
  source?: CancelSource;
  /** The name of the task that asked, if a task did. */
  by?: string | undefined;
  /** The name of the scope that was cancelled. */
  scope?: string | undefined;
  cause?: unknown;
}

/**
 * The work was asked to stop. One object a cancellation, shared by all that it reaches; it is also
 * the `reason` of every `signal` it aborts. Its `name` is `"AbortError"`, so that code which knows
 * nothing of joinery treats it as what it is.
 *
 * Let it pass. Only the edge of the scope that was cancelled absorbs it; one that belongs to no
 * cancelled scope of the task is an ordinary error.
 *
 * Idea: Trio's `Cancelled`, with `source`, `reason` and the task that asked.
 */
export class CancelledError extends Error {
  override readonly name: string = "AbortError";
  readonly code = "JOINERY_CANCELLED" as const;
  /** Why: see {@link CancelSource}. */
  readonly source: CancelSource;
  /** The name of the task that asked, if a task did. */
  readonly by: string | undefined;
  /** The name of the scope that was cancelled. */
  readonly scope: string | undefined;

  constructor(message?: string, { source = "explicit", by, scope, cause }: CancelDetails = {}) {
    super(message ?? "Cancelled", cause === undefined ? undefined : { cause });
    this.source = source;
    this.by = by;
    this.scope = scope;
  }
}
branded(CancelledError, "joinery.CancelledError");

/**
 * A deadline of the program passed and the work in it has ended, its cleanup included. An ordinary
 * failure: it is never mistaken for a cancellation. Its `cause` is the {@link CancelledError} that
 * stopped the work.
 *
 * Idea: asyncio's `TimeoutError`, which appears only at the edge of the `timeout` block.
 */
export class TimeoutError extends Error {
  override readonly name: string = "TimeoutError";
  readonly code = "JOINERY_TIMEOUT" as const;
}
branded(TimeoutError, "joinery.TimeoutError");

/**
 * A handle was asked for something it cannot do now: the result of a task that runs, a child in a
 * group that is closed. The `code` says which, the message says what to do.
 *
 * Idea: asyncio's `InvalidStateError`.
 */
export class InvalidStateError extends Error {
  override readonly name: string = "InvalidStateError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
branded(InvalidStateError, "joinery.InvalidStateError");

/**
 * Whether `error` is a cancellation: a {@link CancelledError}, or an `AbortError` of the platform
 * that one caused. It does not say whose. Inside a `catch`, `await checkpoint()` is the better
 * question: it throws exactly when your own scope is cancelled.
 */
export function isCancelled(error: unknown): boolean {
  return abortChain(error, (link) => link instanceof CancelledError);
}

/**
 * Whether `error` is how the cancellation `cancelled` comes out of foreign code: the very object
 * (`fetch`), or a fresh `AbortError` with the object in its chain of causes (`timers/promises`,
 * `events.once`). Any other error that merely mentions it as its cause is a failure.
 */
export function stemsFrom(error: unknown, cancelled: CancelledError | undefined): boolean {
  return cancelled !== undefined && abortChain(error, (link) => link === cancelled);
}

const longestChain = 32;

function abortChain(error: unknown, found: (link: unknown) => boolean): boolean {
  if (found(error)) return true;
  if (!isError(error) || error.name !== "AbortError") return false;
  let link: unknown = error.cause;
  for (let depth = 0; depth < longestChain && link !== undefined; depth++) {
    if (found(link)) return true;
    link = isError(link) ? link.cause : undefined;
  }
  return false;
}

/** Whether `value` is an error, also one of another realm (a `vm` context, a test runner's sandbox). */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** `value` itself, or, for a thrown thing that is no error, an error that carries it as its cause. */
export function asError(value: unknown): Error {
  if (isError(value)) return value;
  const error = new Error(`A value that is no error was thrown: ${describe(value)}`, {
    cause: value,
  });
  return Object.assign(error, { code: "JOINERY_NOT_AN_ERROR" satisfies ErrorCode });
}

/** A value in a message, short and without side effects: `NaN`, `"text"`, `a promise`, `an Array`. */
export function describe(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "function")
    return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (isThenable(value)) return "a promise";
  if (Array.isArray(value) && value.length === 0) return "an empty array";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return "an object without a prototype";
  const kind = (value.constructor as { name?: string } | undefined)?.name || "object";
  return /^[AEIOU]/i.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** Whether `value` has a `then` method. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
