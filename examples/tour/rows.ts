/** The lines of a picture: which bars there are, in which order, and what stands beside them. */

import { labelOf, type Bar } from "./recorder.ts";
import type { Style } from "./style.ts";

/** A line of the picture. */
export interface Row {
  readonly label: string;
  readonly bar: Bar;
  /** Where many are drawn two to a line, the bars of this one. */
  readonly pack?: readonly Bar[];
  /** How it ended, and when. */
  readonly note: string;
  readonly style: Style;
}

/** So many siblings of one name, of which none has anything to tell, make a pack. */
const smallestPack = 9;

/** The rows of `siblings` and of all below them. `indent` is `undefined` at the top, where there are no tree lines. */
export function rowsOf(siblings: readonly Bar[], indent?: string): Row[] {
  const packs = packsIn(siblings);
  const units = siblings.filter((bar) => packs.get(bar.name)?.includes(bar, 1) !== true);
  return units.flatMap((bar, i) => {
    const last = i === units.length - 1;
    const branch = indent === undefined ? "" : indent + (last ? "└ " : "├ ");
    const below = indent === undefined ? "" : indent + (last ? "  " : "│ ");
    const pack = packs.get(bar.name);
    if (pack) return packRows(pack, branch, below);
    const label = branch + labelOf(bar, siblings);
    return [{ label, bar, note: noteOf(bar), style: styleOf(bar) }, ...rowsOf(bar.children, below)];
  });
}

function packsIn(siblings: readonly Bar[]): Map<string, Bar[]> {
  const packs = new Map<string, Bar[]>();
  for (const bar of siblings) packs.set(bar.name, [...(packs.get(bar.name) ?? []), bar]);
  for (const [name, bars] of packs) {
    if (bars.length < smallestPack || !bars.every(isPlain)) packs.delete(name);
  }
  return packs;
}

function isPlain(bar: Bar): boolean {
  return bar.children.length === 0 && bar.cancelledAt === undefined && bar.failedAt.length === 0;
}

function packRows(pack: readonly Bar[], branch: string, below: string): Row[] {
  const done = pack.filter((bar) => bar.outcome === "done").length;
  const rows: Row[] = [];
  for (let i = 0; i < pack.length; i += 2) {
    rows.push({ label: below, bar: pack[i]!, pack: pack.slice(i, i + 2), note: "", style: "done" });
  }
  const label = `${branch}${pack.length} × ${pack[0]!.name}`;
  return [{ ...rows[0]!, label, note: done > 0 ? `${done} done` : "" }, ...rows.slice(1)];
}

function noteOf({ outcome, endedAt }: Bar): string {
  if (outcome === undefined || endedAt === undefined) return "";
  return `${outcome.padEnd(9)} ${String(Math.round(endedAt)).padStart(4)} ms`;
}

function styleOf(bar: Bar): Style {
  return bar.outcome ?? "running";
}
