/// <reference lib="esnext.disposable" preserve="true" />

import { badArgument, expectOptions } from "../core/arguments.ts";
import { CancelledError, InvalidStateError, suspend, timeLeft } from "../core/index.ts";
import { append, elements, type Linked, remove } from "../core/linked.ts";
import { Call, type CallInfo } from "./call.ts";
import { decodeValue } from "./decode.ts";
import { encodeError, encodeValue } from "./encode.ts";
import type { CallMessage, Engine, Outcome, Place, RemoteChild } from "./engine.ts";
import { failureOf } from "./failure.ts";
import { headersHere } from "./propagation.ts";
import { expectRemote, type RemoteFunction } from "./remote.ts";
import type { Json, WireError } from "./wire.ts";

export interface CallOptions {
  /** Ends the call as well. Default: the ambient scope's. */
  signal?: AbortSignal | undefined;
  /** Names the call, for whoever must not do the same thing twice. Default: one that nothing else has. */
  key?: string;
  /** Buffers and ports that are moved and not copied, where the executor can. They are of no use here any more. */
  transfer?: readonly object[];
}

/** What follows the function in a call: its input, unless it takes none, and options. */
export type CallArguments<I> = undefined extends I
  ? [input?: I, options?: CallOptions]
  : [input: I, options?: CallOptions];

/** Runs functions somewhere else: in threads, on other machines, or in this process. */
export interface Executor extends AsyncDisposable {
  /** That of its engine. */
  readonly name: string;
  /** How many calls run at once; the others wait. `Infinity` where nobody knows. */
  readonly concurrency: number;
  /** The calls that are not over, in order. */
  readonly calls: readonly CallInfo[];
  /**
   * Runs `fn` elsewhere.
   *
   * Resolves with what it returned; rejects with what it threw, of its own class if that is registered. Either
   * comes after the cleanup of the function and of all it started. Rejects with {@link LostError} (`JOINERY_LOST`) if
   * nobody will ever know; with `InvalidStateError`, `JOINERY_NOT_SERVED` if the workers have no such function,
   * `JOINERY_EXECUTOR_CLOSED` if the executor is closed; with `TypeError` (`JOINERY_DOES_NOT_TRAVEL`,
   * `JOINERY_INVALID_ARGUMENT`) on a bad argument. A thread or process that is ended because `fn` did not react to
   * its cancellation is a process warning (`JOINERY_TERMINATED`).
   *
   * *Cancellation*: reaches `fn` at once, with its reason; a call that has not begun never does. The wait ends when
   * `fn` has: with the cancellation, or with the value or error that `fn` ended with in spite of it. The deadline
   * of the caller holds for `fn` too.
   */
  call<I, O>(fn: RemoteFunction<I, O>, ...rest: CallArguments<NoInfer<I>>): Promise<O>;
  /**
   * Cancels the calls that are under way (source `shutdown`), waits for them, and lets the workers go. Their callers
   * get the `CancelledError`. `await using` calls it. May be called again.
   *
   * *Cancellation*: not subject to it.
   */
  close(): Promise<void>;
}

/**
 * Makes an executor of an engine.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if `engine` is none.
 *
 * *Cancellation*: see {@link Executor.call}.
 *
 * Idea: Java's executors, which a scope forks its subtasks into.
 */
export function createExecutor(engine: Engine): Executor {
  if (typeof engine?.spawn !== "function" || typeof engine.name !== "string")
    throw badArgument("engine", "an object with a name, spawn() and close()", engine);
  return new EngineExecutor(engine);
}

/** A call, and what it is on the other side. */
interface UnderWay extends Linked<UnderWay> {
  readonly call: Call;
  readonly child: RemoteChild;
}

class EngineExecutor implements Executor {
  readonly #engine: Engine;
  /** A list through the calls: a `Map` that many come into and go from is rehashed again and again, and keeps them from the collector. */
  #first: UnderWay | undefined;
  /** Makes keys that no other executor makes, on any machine. */
  readonly #id = randomName();
  #calls = 0;
  #closing: Promise<void> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get name(): string {
    return this.#engine.name;
  }

  get concurrency(): number {
    return this.#engine.concurrency ?? Infinity;
  }

  get calls(): readonly CallInfo[] {
    return elements(this.#first).map(({ call }) => call);
  }

  async call<I, O>(fn: RemoteFunction<I, O>, ...rest: CallArguments<I>): Promise<O> {
    const [input, options = {}] = rest;
    expectRemote(fn);
    const signal = expectOptions(options);
    const { key = `${this.#id}-${++this.#calls}`, transfer = [] } = options;
    if (typeof key !== "string") throw badArgument("key", "a string", key);
    if (!Array.isArray(transfer)) throw badArgument("transfer", "an array", transfer);
    if (this.#closing) throw this.#closed(fn.name);
    const message = this.#message(fn, input, key);
    const call = new Call(fn.name, key, this.name);
    let why: CancelledError | undefined;
    const outcome = await suspend<Outcome>(
      (wait) => {
        const underWay = this.#spawn(call, message, transfer);
        underWay.child.ended.then(
          (ended) => {
            this.#over(underWay);
            return wait.resolve(ended);
          },
          (error: unknown) => {
            this.#over(underWay);
            return wait.reject(error);
          },
        );
        return (cancelled) => {
          why = cancelled;
          call.cancelled = true;
          underWay.child.cancel(onWire(cancelled));
          return false; // the wait ends when the other side has
        };
      },
      { signal, resource: call },
    );
    if (outcome.status !== "value") throw await failureOf(call, outcome, { why, signal });
    return (this.#engine.clones ? outcome.value : decodeValue(outcome.value)) as O;
  }

  #message(fn: RemoteFunction<never, unknown>, input: unknown, key: string): CallMessage {
    const ms = timeLeftHere();
    const headers = headersHere();
    return {
      fn: fn.name,
      input: this.#engine.clones ? (input as Json) : encodeValue(input, "input"),
      key,
      idempotent: fn.idempotent,
      ...(ms < Infinity && { timeLeft: ms }),
      ...(headers && { headers }),
    };
  }

  #spawn(call: Call, message: CallMessage, transfer: readonly object[]): UnderWay {
    const began = (place: Place): void => void (call.place = place);
    const child = this.#engine.spawn(message, began, transfer);
    const underWay: UnderWay = { call, child, previous: undefined, following: undefined };
    this.#first = append(this.#first, underWay);
    return underWay;
  }

  #over(underWay: UnderWay): void {
    this.#first = remove(this.#first, underWay);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const why = onWire(new CancelledError(`${this.name} is closed`, { source: "shutdown" }));
    const children = elements(this.#first).map(({ child }) => child);
    for (const child of children) child.cancel(why);
    await Promise.allSettled(children.map((child) => child.ended));
    await this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #closed(fn: string): InvalidStateError {
    const text = `${this.name} is closed: call ${fn} before, or open another executor.`;
    return new InvalidStateError("JOINERY_EXECUTOR_CLOSED", text);
  }
}

/** Each cancellation is encoded once, however many calls it reaches. */
const encoded = new WeakMap<CancelledError, WireError>();

function onWire(error: CancelledError): WireError {
  let wire = encoded.get(error);
  if (wire === undefined) encoded.set(error, (wire = encodeError(error)));
  return wire;
}

function timeLeftHere(): number {
  try {
    return timeLeft();
  } catch {
    return Infinity; // no ambient scope on this runtime: the cancel will have to do
  }
}

function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
