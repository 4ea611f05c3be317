/** From samples to figures. */

/** What the rounds gave for one subject of one row on one runtime. */
export interface Figure {
  readonly row: string;
  readonly runtime: string;
  readonly subject: string;
  /** By round. A round that did not measure it has none. */
  readonly samples: (number | undefined)[];
  /** Why there is nothing (more). */
  failed?: string;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? NaN;
  return (lower + upper) / 2;
}

export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** What the rounds gave by itself. */
export function measured(figure: Figure | undefined): number[] {
  return (figure?.samples ?? []).filter((value) => value !== undefined);
}

/** Puts the samples of two figures together, round by round: what was measured at the same time. */
export function compare(
  a: Figure | undefined,
  b: Figure | undefined,
  how: "ratio" | "difference",
): number[] {
  const values: number[] = [];
  for (const [round, x] of (a?.samples ?? []).entries()) {
    const y = b?.samples[round];
    if (x !== undefined && y !== undefined) values.push(how === "ratio" ? x / y : x - y);
  }
  return values;
}

/** The slope of the straight line through the points on logarithmic scales (least squares): 1 is linear. */
export function exponent(points: readonly (readonly [n: number, time: number])[]): number {
  const logs = points.map(([n, time]) => [Math.log(n), Math.log(time)] as const);
  const mean = (of: 0 | 1): number => logs.reduce((sum, log) => sum + log[of], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let covariance = 0;
  let variance = 0;
  for (const [x, y] of logs) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  return covariance / variance;
}

/** The figure of `subject` on `runtime`. */
export function find(
  figures: readonly Figure[],
  row: string,
  runtime: string,
  subject: string,
): Figure | undefined {
  return figures.find((f) => f.row === row && f.runtime === runtime && f.subject === subject);
}
