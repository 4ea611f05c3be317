/** The bars themselves: a row of cells for each row of the picture. */

import type { Axis } from "./axis.ts";
import type { Bar, Wave } from "./recorder.ts";
import type { Row } from "./rows.ts";
import type { Style } from "./style.ts";

interface Mark {
  readonly glyph: string;
  readonly style: Style;
}

/** A row of the chart; a column that nobody drew on is empty. */
export type Cells = (Mark | undefined)[];

/** What each glyph says, in the order of the legend. */
export const legend: readonly (readonly [glyph: string, meaning: string])[] = [
  ["━", "task"],
  ["─", "block"],
  ["█", "two tasks"],
  ["·", "not started"],
  ["✓", "done"],
  ["✗", "fails"],
  ["│", "cancel"],
  ["▒", "winding down"],
  ["○", "cancelled"],
];

/** All rows, with the cancellations that ran through them. */
export function draw(rows: readonly Row[], waves: readonly Wave[], axis: Axis): Cells[] {
  const chart = rows.map(({ bar, pack }) => (pack ? drawPack(pack, axis) : drawOne(bar, axis)));
  for (const wave of waves) drawWave(wave, rows, chart, axis);
  return chart;
}

function drawOne(bar: Bar, axis: Axis): Cells {
  const cells: Cells = [];
  const begin = axis.columnOf(bar.openedAt);
  const end = axis.columnOf(bar.endedAt ?? axis.now);
  const cut = bar.cancelledAt === undefined ? Infinity : axis.columnOf(bar.cancelledAt);
  const body = bodyOf(bar, axis);
  for (let x = begin; x <= end; x++) cells[x] = body(x, cut);
  if (cut <= end) cells[cut] = { glyph: "│", style: "cancelled" };
  for (const at of bar.failedAt) cells[axis.columnOf(at)] = { glyph: "✗", style: "failed" };
  drawEnd(bar, cells, end);
  return cells;
}

/** What a bar is made of at column `x`, when it is cancelled at column `cut`. */
function bodyOf(bar: Bar, axis: Axis): (x: number, cut: number) => Mark {
  if (bar.kind !== "task") return (x, cut) => ({ glyph: x < cut ? "─" : "┄", style: "dim" });
  const style = bar.outcome ?? "running";
  // A task starts in a later microtask. That it waits is worth showing when it takes a while.
  const begin = axis.columnOf(bar.openedAt);
  const start = bar.startedAt === undefined ? Infinity : axis.columnOf(bar.startedAt);
  const waits = start - begin > 3;
  return (x, cut) => {
    if (x >= cut) return { glyph: "▒", style: "cancelled" };
    return waits && x < start ? { glyph: "·", style: "dim" } : { glyph: "━", style };
  };
}

/** How it ended. Where a mark stands in that column, a block has nothing to add, and a task moves on by one. */
function drawEnd(bar: Bar, cells: Cells, end: number): void {
  const marked = ["│", "✗"].includes(cells[end]?.glyph ?? "");
  const { kind, outcome } = bar;
  if (outcome === undefined) return;
  if (kind !== "task") cells[end] = marked ? cells[end] : { glyph: "┤", style: "dim" };
  else if (outcome !== "failed") {
    cells[marked ? end + 1 : end] = { glyph: outcome === "done" ? "✓" : "○", style: outcome };
  }
}

/** Two bars in one row, as its upper and its lower half. */
function drawPack(pack: readonly Bar[], axis: Axis): Cells {
  const cells: Cells = [];
  const style = pack.every((bar) => bar.outcome) ? "pack" : "running";
  for (let x = 0; x < axis.columns; x++) {
    const [upper = false, lower = false] = pack.map((bar) => covers(bar, x, axis));
    const glyph = upper && lower ? "█" : upper ? "▀" : "▄";
    if (upper || lower) cells[x] = { glyph, style };
  }
  return cells;
}

function covers(bar: Bar, x: number, axis: Axis): boolean {
  const begin = axis.columnOf(bar.startedAt ?? Infinity);
  return begin <= x && x <= axis.columnOf(bar.endedAt ?? axis.now);
}

/** A line from where a cancellation was asked down to the last bar that it reached. */
function drawWave({ top, at }: Wave, rows: readonly Row[], chart: Cells[], axis: Axis): void {
  const x = axis.columnOf(at);
  const first = rows.findIndex(({ bar }) => bar === top);
  const last = rows.findLastIndex(({ bar }) => bar.cancelledAt === at && isBelow(bar, top));
  for (const cells of chart.slice(first, last + 1)) cells[x] ??= { glyph: "│", style: "dim" };
}

function isBelow(bar: Bar, top: Bar): boolean {
  let above: Bar | undefined = bar;
  while (above !== undefined && above !== top) above = above.parent;
  return above === top;
}
