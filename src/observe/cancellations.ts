/** The cancellations that the tree is under, each with those who have not reacted. */

import type { CancelledError } from "../core/index.ts";
import type { Tree, TreeNode } from "./tree.ts";

/** A cancellation that has not ended. */
export interface LiveCancellation {
  readonly error: CancelledError;
  readonly age: number;
  /** The scope that was asked to stop, unless an outer signal asked. */
  origin: TreeNode | undefined;
  /** The tasks that it has reached, each with how often its code was told. */
  readonly pending: Map<TreeNode, number>;
}

const numbers = new WeakMap<CancelledError, number>();
let numbered = 0;

/** The number by which `error` goes, for as long as the process lives. */
export function numberOf(error: CancelledError): number {
  let number = numbers.get(error);
  if (number === undefined) numbers.set(error, (number = ++numbered));
  return number;
}

/** The latest first. */
export function liveCancellations(tree: Tree): LiveCancellation[] {
  const found = new Map<CancelledError, LiveCancellation>();
  for (const node of tree.values()) {
    const { cancellation: error, absorbs, timesTold } = node.live;
    if (error === undefined) continue;
    let cancellation = found.get(error);
    if (cancellation === undefined) {
      const age = node.live.cancelledFor as number;
      cancellation = { error, age, origin: undefined, pending: new Map() };
      found.set(error, cancellation);
    }
    if (absorbs) cancellation.origin = node;
    cancellation.pending.set(tree.get(node.live.host) as TreeNode, timesTold);
  }
  return [...found.values()].toSorted((a, b) => a.age - b.age);
}
