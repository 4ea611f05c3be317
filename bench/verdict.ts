/** Which targets are met. */

import { compare, type Figure, find, measured, type Spread, spread } from "./figures.ts";
import { guaranteeing, type Row, type Target } from "./rows.ts";
import { era, type Runtime } from "./runtimes.ts";

export interface Verdict {
  readonly row: string;
  readonly runtime: string;
  readonly target: Target;
  /** The most that meets it. */
  readonly limit: number;
  readonly figure: Spread;
  readonly met: boolean;
}

/** A peer that gives guarantees, and joinery's time as a multiple of its own. */
export interface Race {
  readonly row: string;
  readonly runtime: string;
  readonly peer: string;
  readonly figure: Spread;
  readonly won: boolean;
}

export function verdicts(
  row: Row,
  runtime: Pick<Runtime, "name" | "title">,
  figures: readonly Figure[],
): Verdict[] {
  const age = era(runtime);
  return (row.targets ?? []).flatMap((target) => {
    const limit = age && target[age];
    const figure = judged(row, runtime.name, target, figures);
    if (limit === undefined || figure === undefined) return [];
    const met = figure.median <= limit;
    return [{ row: row.id, runtime: runtime.name, target, limit, figure, met }];
  });
}

function judged(
  row: Row,
  runtime: string,
  { subject, against, as = "ratio" }: Target,
  figures: readonly Figure[],
): Spread | undefined {
  const own = find(figures, row.id, runtime, subject);
  if (against !== undefined)
    return spread(compare(own, find(figures, row.id, runtime, against), as));
  return spread(measured(own));
}

/** joinery's `taskGroup` against each peer that gives guarantees, where the row asks for it. */
export function races(row: Row, runtime: string, figures: readonly Figure[]): Race[] {
  if (!row.fastest) return [];
  const own = find(figures, row.id, runtime, "joinery taskGroup");
  return guaranteeing.flatMap((peer) => {
    const figure = spread(compare(own, find(figures, row.id, runtime, peer), "ratio"));
    if (figure === undefined) return [];
    return [{ row: row.id, runtime, peer, figure, won: figure.median < 1 }];
  });
}
