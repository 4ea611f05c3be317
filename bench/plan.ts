/** What one run of the bench measures, and in which order. */

import { type PackageRow, packageRows } from "./packages.ts";
import { type Name, type Row, rows, type WorkRow } from "./rows.ts";
import { era, type Runtime } from "./runtimes.ts";
import type { Patience } from "./work/repeat.ts";

export interface Plan {
  readonly rows: readonly WorkRow[];
  /** What the packages measure by themselves. */
  readonly packages: readonly PackageRow[];
  readonly runtimes: readonly Runtime[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly patience: Patience;
}

/** One fresh process. */
export interface Step {
  readonly round: number;
  readonly row: WorkRow;
  readonly runtime: Runtime;
  readonly subject: Name;
}

/** They take seconds each time, and are not among the essential ones. */
const slow: readonly Name[] = ["effection"];

/** The chosen rows, by topic or one by one, or all. */
export function chooseRows(chosen: readonly string[] | undefined, quick: boolean): WorkRow[] {
  return rows.filter((row) => isChosen(row, chosen) && (!quick || row.quick));
}

export function choosePackages(
  chosen: readonly string[] | undefined,
  quick: boolean,
): PackageRow[] {
  return packageRows.filter((row) => isChosen(row, chosen) && !quick);
}

function isChosen({ id, topic }: Row, chosen: readonly string[] | undefined): boolean {
  return chosen === undefined || chosen.includes(topic) || chosen.includes(id);
}

/**
 * All steps. What is compared stands close together; each round goes through everything, and every
 * other one backwards, so that nobody always comes first or last.
 */
export function* steps({ rows: chosen, runtimes, rounds: asked, quick }: Plan): Generator<Step> {
  const roundsIn = (row: WorkRow, runtime: Runtime) => roundsOf(row, runtime, asked, quick);
  const most = Math.max(
    ...chosen.flatMap((row) => runtimes.map((runtime) => roundsIn(row, runtime))),
  );
  for (let round = 0; round < most; round++) {
    for (const row of chosen) {
      const all = runtimes
        .filter((runtime) => round < roundsIn(row, runtime))
        .flatMap((runtime) => stepsOf(row, runtime, round))
        .filter(({ subject }) => !(quick && slow.includes(subject)));
      yield* round % 2 === 0 ? all : all.toReversed();
    }
  }
}

/** Not more than what is asked for where there are no targets, or little time. */
function roundsOf({ rounds }: WorkRow, runtime: Runtime, asked: number, quick: boolean): number {
  const all = rounds?.(asked) ?? asked;
  return quick || era(runtime) === undefined ? Math.min(all, asked) : all;
}

function stepsOf(row: WorkRow, runtime: Runtime, round: number): Step[] {
  const isNode = runtime.title.startsWith("Node");
  if (row.onNode && !isNode) return [];
  const subjects: readonly Name[] = runtime.name === "cpython" ? (row.cpython ?? []) : row.subjects;
  return subjects.map((subject) => ({ round, row, runtime, subject }));
}
