/** Puts rows that were measured again in the place of what a report had before. */

import type { Report } from "./report.ts";

/** Some rows, on some runtimes, of a later run. */
export interface Update {
  readonly date: string;
  readonly rounds: number;
  readonly rows: readonly string[];
}

/** `before`, with what `now` has measured; each row is of one run on each runtime. */
export function merge(before: Report, now: Report): Report {
  const measured = new Set(
    now.rows.flatMap(({ id }) => now.runtimes.map(({ name }) => `${id} ${name}`)),
  );
  const put = <T extends { row: string; runtime: string }>(
    old: readonly T[],
    later: readonly T[],
  ): T[] => [...old.filter(({ row, runtime }) => !measured.has(`${row} ${runtime}`)), ...later];
  const update = { date: now.date, rounds: now.rounds, rows: now.rows.map(({ title }) => title) };
  return {
    ...before,
    versions: { ...before.versions, ...now.versions },
    updates: [...(before.updates ?? []), update],
    runtimes: replace(before.runtimes, now.runtimes, ({ name }) => name),
    rows: replace(before.rows, now.rows, ({ id }) => id),
    figures: put(before.figures, now.figures),
    verdicts: put(before.verdicts, now.verdicts),
    races: put(before.races, now.races),
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
