/** Tasks that wait for each other. */

import { titleOf, type Tree, type TreeNode } from "./tree.ts";
import { type Waiting, type Waits, waitsAt } from "./waits.ts";
import { clip } from "./wording.ts";

/** A task, and the wait by which it waits for the next one. */
interface Link {
  readonly task: TreeNode;
  readonly waiting: Waiting;
}

/**
 * The circles of tasks of which each waits for the next and the last for the first; of those that close at the
 * same task, one. Only what is sure counts: a wait that any of several tasks may end is none.
 */
export function waitCycles(tree: Tree, waits: Waits): Link[][] {
  const walk = new Walk(tree, waits);
  for (const task of waits.keys()) walk.from(task);
  return walk.cycles;
}

/** Depth first, along the waits. With a path of its own and no recursion: chains of waits may be long. */
class Walk {
  readonly cycles: Link[][] = [];
  readonly #tree: Tree;
  readonly #waits: Waits;
  /** The tasks that it has come to, and those at which a circle was closed. */
  readonly #seen = new Set<TreeNode>();
  readonly #closed = new Set<TreeNode>();
  /** The link that was taken last at each task on the way here. */
  readonly #path: Link[] = [];
  readonly #onPath = new Set<TreeNode>();

  constructor(tree: Tree, waits: Waits) {
    this.#tree = tree;
    this.#waits = waits;
  }

  from(start: TreeNode): void {
    const ahead = [this.#enter(start)];
    for (let ways = ahead.at(-1); ways !== undefined; ways = ahead.at(-1)) {
      const way = ways.next();
      if (way.done) {
        ahead.pop();
        this.#onPath.delete(way.value);
        continue;
      }
      const [link, next] = way.value;
      this.#path.length = ahead.length - 1;
      this.#path.push(link);
      if (this.#onPath.has(next)) this.#close(next);
      else ahead.push(this.#enter(next));
    }
  }

  /** The ways from `task` on; none if it was left before. */
  *#enter(task: TreeNode): Generator<[Link, TreeNode], TreeNode> {
    if (this.#seen.has(task)) return task;
    this.#seen.add(task);
    this.#onPath.add(task);
    for (const waiting of waitsAt(task, this.#waits)) {
      const { tasks = [], parked } = waiting;
      if (parked && tasks.length !== 1) continue;
      for (const id of tasks) {
        const next = this.#tree.get(id);
        if (next) yield [{ task, waiting }, next];
      }
    }
    return task;
  }

  #close(task: TreeNode): void {
    if (this.#closed.has(task)) return;
    this.#closed.add(task);
    this.cycles.push(this.#path.slice(this.#path.findIndex((link) => link.task === task)));
  }
}

/** The most tasks of a circle that are named. */
const mostNamed = 12;

/** `task "a" → lock "db" → task "b" → task "a"`. */
export function describeCycle(cycle: readonly Link[]): string {
  const links = cycle
    .slice(0, mostNamed)
    .flatMap(({ task, waiting }) =>
      waiting.kind === "task" ? [titleOf(task)] : [titleOf(task), clip(waiting.label)],
    );
  if (cycle.length > mostNamed) links.push(`${cycle.length - mostNamed} more`);
  return [...links, titleOf((cycle[0] as Link).task)].join(" → ");
}
