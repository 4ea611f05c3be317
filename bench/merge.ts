/** Puts rows that were measured again in the place of what a report had before. */

import type { Figure } from "./figures.ts";
import { packageRows } from "./packages.ts";
import { judge, type Report } from "./report.ts";
import { exponentRow, type Row, rows as ownRows } from "./rows.ts";

/** Some rows, on some runtimes, of a later run. */
export interface Update {
  readonly date: string;
  readonly rounds: number;
  readonly rows: readonly string[];
}

/** What a row asks for is not read from the report: JSON has no `Infinity`. */
const known: readonly Row[] = [...ownRows, exponentRow, ...packageRows];

/** `before`, with what `now` has measured; each row is of one run on each runtime. */
export function merge(before: Report, now: Report): Report {
  const measured = new Set(
    now.rows.flatMap(({ id }) => now.runtimes.map(({ name }) => `${id} ${name}`)),
  );
  const isOld = ({ row, runtime }: Figure): boolean => !measured.has(`${row} ${runtime}`);
  const figures = [...before.figures.filter(isOld), ...now.figures];
  const runtimes = replace(before.runtimes, now.runtimes, ({ name }) => name);
  const rows = replace(before.rows, now.rows, ({ id }) => id).map(
    (row) => known.find(({ id }) => id === row.id) ?? row,
  );
  const update = { date: now.date, rounds: now.rounds, rows: now.rows.map(({ title }) => title) };
  return {
    ...before,
    versions: { ...before.versions, ...now.versions },
    updates: [...(before.updates ?? []), update],
    runtimes,
    rows,
    figures,
    ...judge(rows, runtimes, figures),
  };
}

function replace<T>(old: readonly T[], later: readonly T[], key: (one: T) => string): T[] {
  const left = new Map(later.map((one) => [key(one), one]));
  const places = old.map((one) => {
    const other = left.get(key(one));
    left.delete(key(one));
    return other ?? one;
  });
  return [...places, ...left.values()];
}
