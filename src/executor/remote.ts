import { badArgument, expectFunction } from "../core/arguments.ts";
import type { Checked } from "./travels.ts";

/** Where the code of a remote function is kept. All copies of the package look here. */
const code: unique symbol = Symbol.for("joinery.remote");

/** What a remote function sees of the call that it is run for. */
export interface RemoteCall {
  /** Aborts when the call is cancelled; its reason is the `CancelledError` of the caller. */
  readonly signal: AbortSignal;
  /** Names the call, and stays the same when it is run again. Hand it to whatever must not happen twice. */
  readonly key: string;
  /** 1, or more when a worker was lost before and the function is `idempotent`. */
  readonly attempt: number;
  /** Where it runs, as the executor calls it. */
  readonly worker: string;
  /** Throws the `CancelledError` if the call is cancelled. In worker threads also inside a synchronous loop. */
  readonly checkpoint: () => void;
  /** Moves these buffers and ports into the result, instead of copying them, where the executor can. */
  readonly transfer: (...objects: readonly object[]) => void;
}

export type RemoteCode<I, O> = (input: I, call: RemoteCall) => O | PromiseLike<O>;

/** A function that can run elsewhere. Made by {@link remote}, run by {@link Executor.call}. */
export interface RemoteFunction<in I, out O> {
  readonly name: string;
  /** Whether it may run again when its worker was lost. */
  readonly idempotent: boolean;
  /** `undefined` where only its name is known. */
  readonly [code]: RemoteCode<I, O> | undefined;
}

export interface RemoteOptions {
  /**
   * Whether it may run again when its worker was lost, and nobody knows how far it had come. Default: `false`; then
   * the call ends with a {@link LostError}.
   */
  idempotent?: boolean;
}

/**
 * Makes a function that can run elsewhere: in a thread, in another process, on another machine.
 *
 * `name` is what the other side finds it by: it stays the same from one version of the program to the
 * next, and is the only one of its kind among the functions that a worker serves. `fn` takes one
 * argument and the call. The compiler refuses an argument or a result that does not travel.
 *
 * Given a type and a name alone, it is a reference to a function whose code need not be loaded here.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_EXPECTED_FUNCTION`, `JOINERY_STARTED_PROMISE`) on a bad argument.
 *
 * *Cancellation*: reaches `fn` as in any task: through the waits of joinery, and through `call.signal`.
 *
 * @example
 * ```ts
 * import { inProcess, remote } from "joinery/executor";
 *
 * const area = remote("area", (size: { width: number; height: number }) => size.width * size.height);
 * const executor = inProcess({ area });
 * console.log(await executor.call(area, { width: 6, height: 7 })); // 42
 * await executor.close();
 * ```
 *
 * Idea: Ray's `@ray.remote`; Temporal's activities, which are called through their type.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows the type, and nothing else does
export function remote<F extends RemoteFunction<never, unknown>>(
  name: string,
  fn?: undefined,
  options?: RemoteOptions,
): F;
export function remote<I = void, O = void>(
  name: string,
  fn: RemoteCode<I, O> & Checked<I, O>,
  options?: RemoteOptions,
): RemoteFunction<I, O>;
export function remote(
  name: string,
  fn: RemoteCode<never, unknown> | undefined,
  options: RemoteOptions = {},
): RemoteFunction<never, unknown> {
  if (typeof name !== "string" || name === "") throw badArgument("name", "a name", name);
  if (fn !== undefined) expectFunction("fn", fn);
  const { idempotent = false } = options;
  if (typeof idempotent !== "boolean") throw badArgument("idempotent", "true or false", idempotent);
  return Object.freeze({ name, idempotent, [code]: fn });
}

/** Whether `value` was made by {@link remote}. */
function isRemote(value: unknown): value is RemoteFunction<never, unknown> {
  return typeof value === "object" && value !== null && code in value;
}

/** What was passed where a remote function is needed: a plain function is the usual mistake. */
export function expectRemote(value: unknown): void {
  if (isRemote(value)) return;
  throw badArgument("fn", "a remote function: remote(name, fn)", value);
}

/** The remote functions of a worker, by name. */
export type Served = ReadonlyMap<string, RemoteCode<unknown, unknown>>;

/**
 * The remote functions among the values of a module or of any other object. Throws `TypeError`
 * (`JOINERY_INVALID_ARGUMENT`) if there is none, or if two have the same name.
 */
export function servedBy(functions: object): Served {
  const served = new Map<string, RemoteCode<unknown, unknown>>();
  for (const value of Object.values(functions ?? {})) {
    if (!isRemote(value) || value[code] === undefined) continue;
    const body = value[code] as RemoteCode<unknown, unknown>;
    if ((served.get(value.name) ?? body) !== body) {
      throw badArgument("functions", "remote functions with a name for each", value.name);
    }
    served.set(value.name, body);
  }
  if (served.size > 0) return served;
  throw badArgument("functions", "a module or an object with remote functions in it", functions);
}
