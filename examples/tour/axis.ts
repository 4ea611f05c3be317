/** From times to columns. */

import type { Bar, Recording } from "./recorder.ts";

export interface Axis {
  readonly columns: number;
  /** Milliseconds at its end. */
  readonly until: number;
  /** How far bars go that have no end yet. */
  readonly now: number;
  /** The column of a time. The last column stays free, for an end that follows a mark at once. */
  columnOf(at: number): number;
}

export function axisFor({ roots }: Recording, size: Omit<Axis, "columnOf">): Axis {
  const perColumn = size.until / (size.columns - 2);
  const snap = together(timesIn(roots), perColumn);
  const columnOf = (at: number) => Math.round(Math.min(snap(at), size.until) / (perColumn || 1));
  return { ...size, columnOf };
}

/** Moments that are less than `span` apart count as one: a failure, and the cancel that follows it at once. */
function together(times: readonly number[], span: number): (at: number) => number {
  const moments = new Map<number, number>();
  let first = -Infinity;
  for (const at of times.toSorted((a, b) => a - b)) {
    if (at - first >= span) first = at;
    moments.set(at, first);
  }
  return (at) => moments.get(at) ?? at;
}

function timesIn(bars: readonly Bar[]): number[] {
  return bars.flatMap((bar) => {
    const times = [bar.openedAt, bar.startedAt, bar.cancelledAt, bar.endedAt, ...bar.failedAt];
    return [...times.filter((at) => at !== undefined), ...timesIn(bar.children)];
  });
}

/** The numbers, and a ruler below them. */
export function axisLines(axis: Axis): [string, string] {
  const step = stepOf(axis);
  let numbers = "";
  const ruler = "─".repeat(axis.columns).split("");
  for (let at = 0; at <= axis.until; at += step) {
    const x = axis.columnOf(at);
    numbers = numbers.padEnd(x) + String(at);
    ruler[x] = at === 0 ? "├" : "┼";
  }
  return [`${numbers} ms`, ruler.join("")];
}

/** The first round number of milliseconds that is at least ten columns wide. */
function stepOf({ columns, until }: Axis): number {
  const least = Math.max(1, (10 * until) / columns);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10);
}
