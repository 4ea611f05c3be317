/** Who waits for what, and who would have to do something about it. */

import type { LiveWait, Resource } from "../core/index.ts";
import { numbering } from "./numbering.ts";
import { isTask, titleOf, type Tree, type TreeNode } from "./tree.ts";

/** One wait of a task: one that is parked, or a group that it has open and whose children it waits for. */
export interface Waiting {
  /** The scope it is parked in. */
  readonly at: TreeNode;
  readonly kind: string;
  readonly label: string;
  readonly timeLeft: number;
  readonly resource: Resource | undefined;
  /** The tasks that are awaited, or that hold the resource; `undefined` if that is not known. */
  readonly tasks: readonly number[] | undefined;
  /** Missing if it is for the children of a group: for all of `tasks`. */
  readonly parked: LiveWait | undefined;
}

/** All waits of the code that `node` runs. */
function waitsOf(node: TreeNode): Waiting[] {
  return node.runs.flatMap((at) => [...at.live.waits.map((wait) => parked(at, wait)), ...join(at)]);
}

function parked(at: TreeNode, wait: LiveWait): Waiting {
  const { kind, label, timeLeft, resource } = wait;
  const tasks = resource && holdersOf(resource);
  return { at, kind, label, timeLeft, resource, tasks, parked: wait };
}

function join(at: TreeNode): Waiting[] {
  if (at.live.state !== "joining") return [];
  const children = at.children.filter(isTask);
  return [
    {
      at,
      kind: "children",
      label: `${children.length} in ${titleOf(at)}`,
      timeLeft: Infinity,
      resource: undefined,
      tasks: children.map(({ live }) => live.id),
      parked: undefined,
    },
  ];
}

/** The numbers of those who hold `resource`. It is code of the program, and may throw. */
export function holdersOf(resource: Resource): number[] | undefined {
  try {
    return resource.holders?.().map(({ id }) => id);
  } catch {
    return undefined;
  }
}

/** Kinds of what only one waits for, or what is itself a task. */
const notShared: ReadonlySet<string> = new Set(["task", "tasks", "promise"]);

export function isShared(resource: Resource | undefined): resource is Resource {
  return resource !== undefined && !notShared.has(resource.kind);
}

/** The number by which a resource goes, for as long as the process lives. */
export const numberOf: (resource: Resource) => number = numbering();

/** Something that is waited for, with those who have it and those who want it. */
export interface Contention {
  readonly resource: Resource;
  readonly holders: readonly number[] | undefined;
  readonly waiters: number[];
}

/** By the task that waits: all of them, in the order of the tree. */
export type Waits = ReadonlyMap<TreeNode, readonly Waiting[]>;

/** What the code that `node` runs waits for. */
export function waitsAt(node: TreeNode, waits: Waits): readonly Waiting[] {
  return waits.get(node) ?? [];
}

export function readWaits(tree: Tree): Waits {
  const waits = new Map<TreeNode, readonly Waiting[]>();
  for (const node of tree.values()) if (node.runs.length > 0) waits.set(node, waitsOf(node));
  return waits;
}

/** What is waited for, in the order of the tree. */
export function contentions(waits: Waits): Contention[] {
  const found = new Map<Resource, Contention>();
  for (const [node, waiting] of waits) {
    for (const { resource, tasks } of waiting) {
      if (!isShared(resource)) continue;
      let contention = found.get(resource);
      if (contention === undefined) {
        contention = { resource, holders: tasks, waiters: [] };
        found.set(resource, contention);
      }
      contention.waiters.push(node.live.id);
    }
  }
  return [...found.values()];
}
