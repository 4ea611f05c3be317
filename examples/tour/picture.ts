/** Draws a recording: one bar per task and block on a time axis, nested as they were. */

import { axisFor, axisLines } from "./axis.ts";
import { draw, legend, type Cells } from "./bars.ts";
import { wrap } from "./output.ts";
import type { Recording } from "./recorder.ts";
import { rowsOf, type Row } from "./rows.ts";
import type { Paint } from "./style.ts";

export interface PictureOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** The time, in milliseconds: bars that have no end go so far. Default: that of the last event. */
  readonly now?: number;
  /** Where the axis ends. Default: now. */
  readonly until?: number;
  readonly paint: Paint;
}

const longestLabel = 24;
const narrowestChart = 10;
const noteWidth = "cancelled 1234 ms".length;

export function picture(recording: Recording, options: PictureOptions): string[] {
  const { width, paint, now = recording.lastAt, until = now } = options;
  const rows = rowsOf(recording.roots);
  const labels = Math.min(longestLabel, Math.max(4, ...rows.map((row) => row.label.length)));
  const columns = width - labels - noteWidth - 5;
  if (rows.length === 0 || columns < narrowestChart) return [];

  const axis = axisFor(recording, { columns, until, now });
  const chart = draw(rows, recording.waves, axis);
  const lines = rows.map((row, y) => {
    const bar = paintCells(chart[y]!, columns, paint);
    return `${label(row, labels, paint)}  ${bar} ${paint(row.style, row.note)}`;
  });
  const above = axisLines(axis).map((line) => " ".repeat(labels + 2) + paint("dim", line));
  const below = wrap(legendOf(chart), width - 2).map((line) => paint("dim", unglued(line)));
  return [...above, ...lines, "", ...below].map((line) => `  ${line}`.trimEnd());
}

function label({ label: text }: Row, width: number, paint: Paint): string {
  const clipped = text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
  const [, tree = "", name = ""] = /^([│├└ ]*)(.*)$/.exec(clipped) ?? [];
  return (tree === "" ? "" : paint("dim", tree)) + name;
}

/** Neighbours of one style are painted at once. */
function paintCells(cells: Cells, columns: number, paint: Paint): string {
  let painted = "";
  let text = "";
  for (let x = 0; x < columns; x++) {
    const style = cells[x]?.style;
    text += cells[x]?.glyph ?? " ";
    if (x + 1 < columns && cells[x + 1]?.style === style) continue;
    painted += style === undefined ? text : paint(style, text);
    text = "";
  }
  return painted;
}

/** A space at which no line ends. */
const glue = "\u00a0";
const unglued = (text: string): string => text.replaceAll(glue, " ").trim();

/** What the glyphs that were used mean. */
function legendOf(chart: readonly Cells[]): string {
  const used = new Set(chart.flatMap((cells) => cells.map((cell) => cell?.glyph)));
  return legend
    .filter(([glyph]) => used.has(glyph))
    .map((entry) => entry.join(" ").replaceAll(" ", glue))
    .join("   ");
}
