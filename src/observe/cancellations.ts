/** The cancellations that the tree is under, each with those who have not reacted. */

import type { CancelledError, CancelSource } from "../core/index.ts";
import { numbering } from "./numbering.ts";
import type { Tree, TreeNode } from "./tree.ts";
import { clip, textOf } from "./wording.ts";

/** A cancellation that has not ended. */
export interface LiveCancellation {
  readonly error: CancelledError;
  readonly age: number;
  /** The scope that was asked to stop, unless an outer signal asked. */
  origin: TreeNode | undefined;
  /** The tasks that it has reached, each with how often its code was told. */
  readonly pending: Map<TreeNode, number>;
}

/** The number by which a cancellation goes, for as long as the process lives. */
export const numberOf: (error: CancelledError) => number = numbering();

/** What a cancellation says of itself. */
export interface CancellationWords {
  readonly id: number;
  readonly source: CancelSource;
  readonly message: string;
  readonly reason: string | null;
  readonly by: string | null;
}

export function wordsOf(error: CancelledError): CancellationWords {
  return {
    id: numberOf(error),
    source: error.source,
    message: clip(error.message),
    reason: textOf(error.cause),
    by: error.by === undefined ? null : clip(error.by),
  };
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
