/** All that one run found out: what `docs/benchmarks.json` holds. */

import { exponents } from "./exponents.ts";
import type { Figure } from "./figures.ts";
import type { Update } from "./merge.ts";
import type { Plan } from "./plan.ts";
import { exponentRow, type Row } from "./rows.ts";
import type { Setting } from "./setting.ts";
import { type Race, races, type Verdict, verdicts } from "./verdict.ts";

export interface Report extends Setting {
  readonly rounds: number;
  /** What was measured again since. */
  readonly updates?: readonly Update[];
  readonly runtimes: readonly { name: string; title: string; version: string }[];
  readonly rows: readonly Row[];
  readonly figures: readonly Figure[];
  readonly verdicts: readonly Verdict[];
  readonly races: readonly Race[];
}

export function report(plan: Plan, measured: readonly Figure[], setting: Setting): Report {
  const derived = exponents(plan.rows, plan.runtimes, measured);
  const rows: Row[] = [
    ...plan.rows,
    ...(derived.length > 0 ? [exponentRow] : []),
    ...plan.packages,
  ];
  const figures = [...measured, ...derived];
  return {
    ...setting,
    rounds: plan.rounds,
    runtimes: plan.runtimes.map(({ name, title, version }) => ({ name, title, version })),
    rows,
    figures,
    verdicts: rows.flatMap((row) => plan.runtimes.flatMap((r) => verdicts(row, r, figures))),
    races: rows.flatMap((row) => plan.runtimes.flatMap((r) => races(row, r.name, figures))),
  };
}
