/** How the total time grows with the number of tasks, from the rows that measure it at several. */

import { exponent, type Figure, find } from "./figures.ts";
import { exponentRow, type WorkRow } from "./rows.ts";
import type { Runtime } from "./runtimes.ts";

/** The figures of the exponent: by round, where a round has all sizes. */
export function exponents(
  rows: readonly WorkRow[],
  runtimes: readonly Runtime[],
  figures: readonly Figure[],
): Figure[] {
  const sizes = rows.filter(({ topic }) => topic === exponentRow.topic);
  if (sizes.length < 4) return [];
  return runtimes.flatMap(({ name }) =>
    exponentRow.subjects.flatMap((subject) => {
      const lines = sizes.map(({ id, n }) => ({ n, figure: find(figures, id, name, subject) }));
      const samples = slopes(lines);
      return samples.length > 0 ? [{ row: exponentRow.id, runtime: name, subject, samples }] : [];
    }),
  );
}

function slopes(lines: readonly { n: number; figure: Figure | undefined }[]): number[] {
  const rounds = Math.min(...lines.map(({ figure }) => figure?.samples.length ?? 0));
  return Array.from({ length: rounds }, (_, round) =>
    exponent(lines.map(({ n, figure }) => [n, figure?.samples[round] ?? NaN])),
  ).filter((slope) => !Number.isNaN(slope));
}
