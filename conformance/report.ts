/** What `npm run conformance` prints. */

import type { Comparison, Failure } from "./compare.ts";
import type { Kind, Outcome } from "./kind.ts";

export function summary<P>(name: string, comparison: Comparison<P>, ms: number): string {
  const { programs, different, explained, failure } = comparison;
  const verdict = failure === undefined ? "all explained" : "not all explained";
  const entries = [...explained].toSorted(([, a], [, b]) => b - a);
  return [
    `${name}: ${programs} programs in ${(ms / 1000).toFixed(1)} s, ${different} different, ${verdict}`,
    ...entries.map(([entry, count]) => `${String(count).padStart(10)}  ${entry}`),
  ].join("\n");
}

/** A difference that nothing explains; `again` is the command that brings it back. */
export function failureReport<P>(kind: Kind<P>, failure: Failure<P>, again: string): string {
  const { program, python, joinery, verdict } = failure;
  const expected =
    verdict.expected === undefined
      ? [verdict.unexplained]
      : [`${verdict.unexplained}:`, ...lines(verdict.expected)];
  const columns = sideBySide("CPython", python, "joinery", joinery);
  const parts = [[kind.print(program)], columns, expected, [`again: ${again}`]];
  return parts.map((part) => `\n${part.join("\n")}`).join("\n");
}

/** Two outcomes as columns; lines that only one side has stand alone, and are marked. */
export function sideBySide(
  leftTitle: string,
  left: Outcome,
  rightTitle: string,
  right: Outcome,
): string[] {
  const rows = aligned(lines(left), lines(right));
  const width = Math.max(leftTitle.length, ...rows.map(([one = ""]) => one.length));
  const body = rows.map(([one = "", other = ""]) =>
    `${one.padEnd(width)} ${one === other ? " " : "≠"} ${other}`.trimEnd(),
  );
  return [`${leftTitle.padEnd(width)}   ${rightTitle}`, ...body];
}

type Row = readonly [left: string | undefined, right: string | undefined];

/** What both sides have is on one row, as far as it comes in the same order. */
function aligned(left: readonly string[], right: readonly string[]): Row[] {
  const rows: Row[] = [];
  let next = 0;
  for (const line of left) {
    const found = right.indexOf(line, next);
    for (; next < found; next++) rows.push([undefined, right[next]]);
    rows.push([line, found < 0 ? undefined : right[next++]]);
  }
  return [...rows, ...right.slice(next).map((line): Row => [undefined, line])];
}

/** An outcome, a line for each thing in it. */
function lines(outcome: Outcome): string[] {
  if (typeof outcome !== "object" || outcome === null) return [JSON.stringify(outcome)];
  return Object.entries(outcome).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0) return [`${name}: ${JSON.stringify(value)}`];
    const items = value.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
    return [`${name}:`, ...items.map((item) => `  ${item}`)];
  });
}
