/** Where the wave is drawn: time goes from left to right, as it goes down the tree. */

import { hierarchy, type HierarchyPointLink, type HierarchyPointNode, tree } from "d3-hierarchy";
import type { WaveNode } from "./wave.ts";

export const nodeWidth = 184;
export const nodeHeight = 26;
const gapAcross = 32;
const gapDown = 8;
const margin = 16;
/** More are counted, not drawn. */
const mostNodes = 400;

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly links: readonly PlacedLink[];
  /** How many nodes are left out. */
  readonly omitted: number;
}

export interface Placed {
  readonly node: WaveNode;
  readonly depth: number;
  /** The left end, and the middle of the height. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedLink {
  readonly from: Placed;
  readonly to: Placed;
}

export function layOut(root: WaveNode): Layout {
  const all = hierarchy(root);
  const drawn = tree<WaveNode>().nodeSize([nodeHeight + gapDown, nodeWidth + gapAcross])(all);
  const points = drawn.descendants();
  const shown = points.slice(0, mostNodes);
  const top = shown.reduce((least, { x }) => Math.min(least, x), Infinity);
  const placed = new Map(shown.map((point) => [point, place(point, top)]));
  const isShown = ({ target }: HierarchyPointLink<WaveNode>): boolean => placed.has(target);
  const nodes = [...placed.values()];
  return {
    width: Math.max(...nodes.map(({ x }) => x)) + nodeWidth + margin,
    height: Math.max(...nodes.map(({ y }) => y)) + nodeHeight / 2 + margin,
    nodes,
    links: drawn
      .links()
      .filter(isShown)
      .map(({ source, target }) => ({
        from: placed.get(source) as Placed,
        to: placed.get(target) as Placed,
      })),
    omitted: points.length - shown.length,
  };
}

function place({ data, depth, x, y }: HierarchyPointNode<WaveNode>, top: number): Placed {
  return { node: data, depth, x: y + margin, y: x - top + nodeHeight / 2 + margin };
}

/** From the right end of one to the left end of the other. */
export function linkPath({ from, to }: PlacedLink): string {
  const start = from.x + nodeWidth;
  const middle = (start + to.x) / 2;
  return `M${start},${from.y}C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
}
