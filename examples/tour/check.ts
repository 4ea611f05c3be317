/** Whether a cell did what it has to do. */

import type { Cell } from "./cells/index.ts";

/** What a cell did. */
export interface Play {
  readonly printed: readonly string[];
  /** How its tasks ended, in that order. */
  readonly ended: readonly string[];
}

/** How `play` differs from what the cell says of itself, as lines; none if it does not. */
export function differences({ prints, ends }: Cell, { printed, ended }: Play): string[] {
  return [
    ...compare("It has to print", prints, printed),
    ...(ends ? compare("Its tasks have to end like this", ends, ended) : []),
  ];
}

/** Whether the lines are the expected ones, in which `…` stands for any text, also of several lines. */
function agree(expected: readonly string[], actual: readonly string[]): boolean {
  const literal = expected.join("\n").replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll("…", "[^]*")}$`).test(actual.join("\n"));
}

/** What both begin and end with is context; between stand the lines that differ. */
function compare(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  if (agree(expected, actual)) return [];
  const begin = commonLength(expected, actual);
  const restOf = (lines: readonly string[]) => lines.slice(begin).toReversed();
  const end = commonLength(restOf(expected), restOf(actual));
  return [
    `${what} (- expected, + actual):`,
    ...expected.slice(0, begin).map((line) => `  ${line}`),
    ...expected.slice(begin, expected.length - end).map((line) => `- ${line}`),
    ...actual.slice(begin, actual.length - end).map((line) => `+ ${line}`),
    ...expected.slice(expected.length - end).map((line) => `  ${line}`),
  ];
}

/** With how many lines both begin. */
function commonLength(expected: readonly string[], actual: readonly string[]): number {
  const length = Math.min(expected.length, actual.length);
  for (let i = 0; i < length; i++) if (!agree([expected[i]!], [actual[i]!])) return i;
  return length;
}
