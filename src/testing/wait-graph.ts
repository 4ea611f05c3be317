/** Who waits for whom, as far as joinery can know: through tasks, groups, and what has a holder. */

import { liveScopes, type LiveScope, type LiveWait } from "../core/index.ts";

/** A task that waits, and whom it waits for. */
interface Edge {
  readonly from: number;
  /** What is in between, if that is more than the task itself: `lock "db"`. */
  readonly through: string | undefined;
  readonly to: number;
}

/** A circle of tasks of which each waits for the next: `task "a" → lock "db" → task "b" → … → task "a"`. */
export function findCycle(): string | undefined {
  const titles = new Map<number, string>();
  const edges = new Map<number, Edge[]>();
  for (const edge of allEdges(titles)) {
    const from = edges.get(edge.from);
    if (from) from.push(edge);
    else edges.set(edge.from, [edge]);
  }
  const cycle = firstCycle(edges);
  return cycle && describe(cycle, titles);
}

function* allEdges(titles: Map<number, string>): Generator<Edge, void, undefined> {
  const joining = new Map<number | undefined, LiveScope>();
  for (const scope of liveScopes()) {
    const { id, kind, name, host, parent, state, waits } = scope;
    if (state === "joining") joining.set(id, scope);
    if (kind === "task") {
      titles.set(id, `task "${name}"`);
      const group = joining.get(parent);
      if (group) yield { from: group.host, through: `group "${group.name}"`, to: id };
    }
    for (const wait of waits) yield* edgesOf(host, wait);
  }
}

function* edgesOf(from: number, { label, resource }: LiveWait): Generator<Edge, void, undefined> {
  const through = resource?.kind === "task" ? undefined : label;
  for (const { id } of resource?.holders?.() ?? []) yield { from, through, to: id };
}

/** The first circle that a walk along `edges` comes to. No recursion: chains may be long. */
function firstCycle(edges: ReadonlyMap<number, readonly Edge[]>): Edge[] | undefined {
  const left = new Set<number>();
  for (const start of edges.keys()) {
    const path: Edge[] = [];
    const onPath = new Set([start]);
    const pending = [iterate(edges, start)];
    for (let next = pending.at(-1); next !== undefined; next = pending.at(-1)) {
      const { value: edge } = next.next();
      if (edge === undefined) {
        pending.pop();
        const done = path.pop()?.to ?? start;
        onPath.delete(done);
        left.add(done);
      } else if (onPath.has(edge.to)) {
        return [...path, edge].slice(1 + path.findLastIndex(({ to }) => to === edge.to));
      } else if (!left.has(edge.to)) {
        path.push(edge);
        onPath.add(edge.to);
        pending.push(iterate(edges, edge.to));
      }
    }
  }
  return undefined;
}

function iterate(edges: ReadonlyMap<number, readonly Edge[]>, from: number): Iterator<Edge, undefined> {
  return (edges.get(from) ?? [])[Symbol.iterator]() as Iterator<Edge, undefined>;
}

function describe(cycle: readonly Edge[], titles: ReadonlyMap<number, string>): string {
  const links = cycle.flatMap(({ through, to }) => {
    const title = titles.get(to) as string;
    return through === undefined ? [title] : [through, title];
  });
  return [titles.get((cycle[0] as Edge).from), ...links].join(" → ");
}
