/**
 * A block: a function that runs inside a scope of its own, in the task that calls it. `timeout`,
 * `shield` and groups are blocks; they differ in what they do at the edge.
 */

import { runInside } from "./context.ts";
import { type CancelledError, isThenable, stemsFrom } from "./errors.ts";
import { enterThrough, interceptors } from "./intercept.ts";
import { closeLeftOpen } from "./left-open.ts";
import type { Scope } from "./scope.ts";
import { refuse } from "./refusal.ts";

/**
 * Opens a scope and does `inside` with it; rejects if one of them throws. The promise of a block that
 * is left open is nobody's: its rejection is not unhandled, what is wrong is said at the edge of the
 * block around it.
 */
export function block<S extends Scope, R>(
  open: () => S,
  inside: (scope: S) => Promise<R>,
): Promise<R> {
  try {
    const scope = open();
    const result = interceptors.length === 0 ? inside(scope) : enterBlock(scope, inside);
    scope.outcome = result;
    return result;
  } catch (error) {
    return Promise.reject(error);
  }
}

function enterBlock<S extends Scope, R>(scope: S, inside: (scope: S) => Promise<R>): Promise<R> {
  let result!: Promise<R>;
  enterThrough(scope, () => (result = inside(scope)));
  return result;
}

/** How the function of a block ended. */
export type Ending<R> =
  | { readonly how: "returned"; readonly value: R }
  | { readonly how: "threw"; readonly error: unknown; readonly value?: undefined }
  /**
   * It let the cancellation of its scope pass; `stale` if that was there before the block began, which
   * must not spin any more than a wait: it throws in a later turn.
   */
  | {
      readonly how: "cancelled";
      readonly error: CancelledError;
      readonly stale: boolean;
      readonly value?: undefined;
    };

const deepestCall = 200;
let depth = 0;

/** Runs `body` inside `scope`. Starts it at once, as `async with` does. Never rejects. */
export async function runBlock<H, R>(
  scope: Scope,
  body: (handle: H) => R | PromiseLike<R>,
  handle: H,
): Promise<Ending<R>> {
  const stale = scope.cancellation !== undefined;
  try {
    // Blocks that open blocks are calls in calls; now and then the stack is let go.
    if (depth >= deepestCall) await Promise.resolve();
    return { how: "returned", value: await callInside(scope, body, handle) };
  } catch (error) {
    const { cancellation } = scope;
    if (cancellation && stemsFrom(error, cancellation))
      return { how: "cancelled", error: cancellation, stale };
    return { how: "threw", error };
  }
}

function callInside<H, R>(
  scope: Scope,
  body: (handle: H) => R | PromiseLike<R>,
  handle: H,
): R | PromiseLike<R> {
  depth++;
  try {
    return runInside(scope, begin, body, handle);
  } finally {
    depth--;
  }
}

/** A thenable that `body` returns is awaited inside as well: a lazy one runs there, a task's handle is waited for there. */
export function begin<H, R>(
  body: (handle: H) => R | PromiseLike<R>,
  handle: H,
): R | PromiseLike<R> {
  const result = body(handle);
  return isThenable(result) ? Promise.resolve(result) : result;
}

/**
 * The edge of a block without children: closes `scope`, returns the value or throws the error. What
 * becomes of a cancellation that ends here, `absorb` decides; one from further out goes on.
 */
export async function leaveBlock<R, A>(
  scope: Scope,
  ending: Ending<R>,
  absorb: (error: CancelledError) => A,
): Promise<R | A> {
  if (scope.firstChild) {
    throw await closeLeftOpen(scope, errorOf(ending)).finally(() => scope.close());
  }
  scope.close();
  if (ending.how === "returned") return ending.value;
  if (ending.how === "threw") throw ending.error;
  const outer = outerCancellation(scope);
  if (outer === undefined) return absorb(ending.error);
  if (ending.stale) await refuse(scope.host, outer);
  throw outer;
}

function errorOf(ending: Ending<unknown>): unknown {
  return ending.how === "threw" ? ending.error : undefined;
}

/** The cancellation that the edge of `scope` must let pass, if there is one. */
export function outerCancellation(scope: Scope): CancelledError | undefined {
  const outer = scope.shielded ? undefined : scope.parent?.cancellation;
  return outer ?? (scope.absorbs ? undefined : scope.cancellation);
}
