import type { TakenStep } from "./choosing-scheduler.ts";
import type { ReadableNames } from "./readable-names.ts";

const mostRows = 100;
const widest = 30;

/**
 * The steps of a schedule as a table: a column for each task, a row for each step, which says what the task had
 * waited for. Of a long one, the end.
 *
 *     step  ms  pick    main       a          b
 *        1   0          its start
 *        2   0  2 of 2                        its start
 */
export function scheduleTrace(taken: readonly TakenStep[], names: ReadableNames): string {
  const columns = new Map<number, string>();
  for (const { step } of taken) columns.set(step.task.id, clip(names.of(step.task)));
  const rows = taken.map(({ step, choice, ready, at }, index) => [
    String(index + 1),
    String(at),
    ready > 1 ? `${choice + 1} of ${ready}` : "",
    ...[...columns.keys()].map((id) => (id === step.task.id ? clip(names.in(step.label)) : "")),
  ]);
  const shown = [["step", "ms", "pick", ...columns.values()], ...rows.slice(-mostRows)];
  const lines = align(shown);
  const left = rows.length - mostRows;
  return (left > 0 ? [lines[0], `… ${left} steps before`, ...lines.slice(1)] : lines).join("\n");
}

function clip(text: string): string {
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

/** The first two columns are numbers. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2
          ? cell.padStart(widths[column] as number)
          : cell.padEnd(widths[column] as number),
      )
      .join("  ")
      .trimEnd(),
  );
}
