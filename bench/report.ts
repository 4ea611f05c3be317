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
  const runtimes = plan.runtimes.map(({ name, title, version }) => ({ name, title, version }));
  return {
    ...setting,
    rounds: plan.rounds,
    runtimes,
    rows,
    figures,
    ...judge(rows, runtimes, figures),
  };
}

/** Which targets the figures meet, and which peers they are faster than. */
export function judge(
  rows: readonly Row[],
  runtimes: Report["runtimes"],
  figures: readonly Figure[],
): Pick<Report, "verdicts" | "races"> {
  const each = <T>(look: (row: Row, runtime: Report["runtimes"][number]) => T[]): T[] =>
    rows.flatMap((row) => runtimes.flatMap((runtime) => look(row, runtime)));
  return {
    verdicts: each((row, runtime) => verdicts(row, runtime, figures)),
    races: each((row, { name }) => races(row, name, figures)),
  };
}
