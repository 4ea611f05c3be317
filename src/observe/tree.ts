/** The live tree, read once, with the ways from scope to scope that a snapshot needs. */

import { liveScopes, type LiveScope } from "../core/index.ts";
import { clip } from "./wording.ts";

export interface TreeNode {
  readonly live: LiveScope;
  readonly parent: TreeNode | undefined;
  readonly depth: number;
  readonly children: TreeNode[];
  /** The scopes whose code it runs, itself first; empty for a block, which a task runs. */
  readonly runs: TreeNode[];
}

/** By number, parents first. */
export type Tree = ReadonlyMap<number, TreeNode>;

export function readTree(): Tree {
  const tree = new Map<number, TreeNode>();
  for (const live of liveScopes()) {
    const parent = live.parent === undefined ? undefined : tree.get(live.parent);
    const depth = parent ? parent.depth + 1 : 0;
    const node: TreeNode = { live, parent, depth, children: [], runs: [] };
    tree.set(live.id, node);
    parent?.children.push(node);
    (tree.get(live.host) as TreeNode).runs.push(node);
  }
  return tree;
}

export function isTask({ live }: TreeNode): boolean {
  return live.kind === "task";
}

/** Kind and name, as joinery's messages have it. */
export function titleOf({ live }: TreeNode): string {
  return `${live.kind} "${clip(live.name)}"`;
}

/** The names of the tasks and of the named scopes from the root to `place`: `main › crew › worker`. */
export function pathTo(place: TreeNode): string {
  const names: string[] = [];
  for (let node: TreeNode | undefined = place; node?.parent; node = node.parent) {
    const { kind, id, name } = node.live;
    if (kind !== "task" && name === `${kind}-${id}`) continue;
    if (names.push(clip(name)) === longestPath) {
      names.push("…");
      break;
    }
  }
  return names.toReversed().join(" › ");
}

const longestPath = 12;
