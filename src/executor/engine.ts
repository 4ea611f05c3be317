/** The contract: what an engine has to do, and what goes to and fro. All of it is plain JSON. */

import type { Json, WireError } from "./wire.ts";

/** A call, as it goes to a worker. */
export interface CallMessage {
  /** The name of the remote function. */
  readonly fn: string;
  /** Its input, encoded; as it is in an engine that clones. */
  readonly input: Json;
  /** The same for every attempt, and for no other call. */
  readonly key: string;
  /** Whether it may run again when its worker was lost. */
  readonly idempotent: boolean;
  /**
   * Milliseconds until the deadline of the caller, at the moment of the call; absent if there is none. An engine that lets
   * a call wait elsewhere subtracts the time it waited.
   */
  readonly timeLeft?: number;
  /** What belongs to the call and is not its input: the context of a trace. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What has vanished: the worker, the lease of the caller, or the engine itself. */
export type Lost = "worker" | "lease" | "engine";

/** How a call ended, and where. */
export type Outcome = (
  | { readonly status: "value"; readonly value: Json }
  | { readonly status: "error"; readonly error: WireError }
  /**
   * By a cancellation: the one that `error` says. `terminated`: it did not react, and was ended with its worker,
   * without its cleanup.
   */
  | { readonly status: "cancelled"; readonly error: WireError; readonly terminated?: boolean }
  /** Nobody knows how far it came. `message` says what is known. */
  | { readonly status: "lost"; readonly lost: Lost; readonly message?: string }
) &
  Partial<Place>;

/** Where a call runs, for people. */
export interface Place {
  readonly worker: string;
  readonly attempt: number;
}

/** A call that was handed to an engine. */
export interface RemoteChild {
  /**
   * Resolves when the function and its cleanup are over, or it is certain that it never begins, or it is
   * lost. Never rejects.
   */
  readonly ended: Promise<Outcome>;
  /**
   * Asks it to stop. A call that has not begun never does. May come at any time, more than once, and has nothing to
   * do once the call has ended. The calls that one cancellation reaches get the same `why`.
   */
  cancel(why: WireError): void;
}

/**
 * What moves single calls: a pool of threads, a queue, this process. It knows nothing of groups, limits
 * and order. {@link createExecutor} makes an executor of one.
 *
 * An engine whose workers can outlive the caller keeps a lease for as long as it is open, and its workers
 * cancel and refuse the calls of one that has lost it. A call that is not `idempotent` is begun once at most.
 */
export interface Engine {
  /** For messages and the tree: `threads`. */
  readonly name: string;
  /** How many calls run at once; the others wait in the engine. Default: `Infinity`, or nobody knows. */
  readonly concurrency?: number;
  /** Whether it moves values by structured cloning: then they are not encoded. Default: `false`. */
  readonly clones?: boolean;
  /**
   * Hands a call over. `began` is to be called when it begins at a worker, each time it does. `transfer` has what is
   * to be moved and not copied, for engines that can.
   */
  spawn(
    message: CallMessage,
    began: (place: Place) => void,
    transfer: readonly object[],
  ): RemoteChild;
  /** Lets the workers go. Called once, when no call is under way any more. */
  close(): Promise<void>;
}
