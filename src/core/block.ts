/**
 * A block: a function that runs inside a scope of its own, in the task that calls it. `timeout`,
 * `shield` and groups are blocks; they differ in what they do at the edge.
 */

import { runInside } from "./context.ts";
import { stemsFrom, type CancelledError } from "./errors.ts";
import { closeLeftOpen } from "./left-open.ts";
import type { Scope } from "./scope.ts";

/** How the function of a block ended. */
export type Ending<R> =
  | { readonly how: "returned"; readonly value: R }
  | { readonly how: "threw"; readonly error: unknown }
  /** It let the cancellation of its scope pass. */
  | { readonly how: "cancelled"; readonly error: CancelledError };

const deepestCall = 200;
let depth = 0;

/** Runs `body` inside `scope`. Starts it at once, as `async with` does. Never rejects. */
export async function runBlock<H, R>(
  scope: Scope,
  body: (handle: H) => R | PromiseLike<R>,
  handle: H,
): Promise<Ending<R>> {
  try {
    // Blocks that open blocks are calls in calls; now and then the stack is let go.
    if (depth >= deepestCall) await Promise.resolve();
    return { how: "returned", value: await callInside(scope, body, handle) };
  } catch (error) {
    const { cancellation } = scope;
    if (cancellation && stemsFrom(error, cancellation))
      return { how: "cancelled", error: cancellation };
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
    return runInside(scope, body, handle);
  } finally {
    depth--;
  }
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
  const misuse = scope.firstChild && (await closeLeftOpen(scope, errorOf(ending)));
  scope.close();
  if (misuse) throw misuse;
  if (ending.how === "returned") return ending.value;
  if (ending.how === "threw") throw ending.error;
  const outer = outerCancellation(scope);
  if (outer) throw outer;
  return absorb(ending.error);
}

function errorOf(ending: Ending<unknown>): unknown {
  return ending.how === "threw" ? ending.error : undefined;
}

/** The cancellation that the edge of `scope` must let pass, if there is one. */
export function outerCancellation(scope: Scope): CancelledError | undefined {
  const outer = scope.shielded ? undefined : scope.parent?.cancellation;
  return outer ?? (scope.absorbs ? undefined : scope.cancellation);
}
