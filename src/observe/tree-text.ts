import { badArgument } from "../core/arguments.ts";
import { Branches } from "./branches.ts";
import { columns, fit, printable } from "./columns.ts";
import { contextOf, describe, type Span } from "./scope-line.ts";
import type { Snapshot } from "./snapshot-format.ts";
import { duration } from "./wording.ts";

export interface TreeTextOptions {
  /** How many columns a line may have. Default: as many as it needs. */
  width?: number;
  /** The most lines of the tree. Default: 200. */
  lines?: number;
  /** Whether to color it, with the sequences of ANSI terminals. Default: `false`. */
  color?: boolean;
}

/**
 * A snapshot as text: the tree, then what was left behind, then what looks wrong.
 *
 * Siblings without children that differ only in the numbers in their names and in times are one line
 * with a count. What is more than the limits is counted.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if `width` or `lines` is no number from 1.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "joinery";
 * import { snapshot, treeText } from "joinery/observe";
 *
 * await taskGroup(
 *   async (group) => {
 *     for (let i = 0; i < 9; i++) group.createTask(() => sleep(Infinity), { name: `worker-${i}` });
 *     await sleep(10);
 *     console.log(treeText(snapshot()));
 *     group.cancel();
 *   },
 *   { name: "crew", cancellable: true },
 * );
 * // → process
 * // → └─ group crew
 * // →    └─ worker-# × 9  waits for sleep
 * ```
 *
 * Idea: `python -m asyncio pstree`.
 */
export function treeText(snapshot: Snapshot, options: TreeTextOptions = {}): string {
  const { width, lines, color } = expectTreeTextOptions(options);
  const all = [...tree(snapshot, lines, width), ...ghosts(snapshot), ...warnings(snapshot)];
  return all.map((line) => paint(clip(line, width), color)).join("\n");
}

export function expectTreeTextOptions(options: TreeTextOptions): Required<TreeTextOptions> {
  const { width = Infinity, lines = 200, color = false } = options;
  for (const [name, value] of Object.entries({ width, lines }))
    if (typeof value !== "number" || !(value >= 1))
      throw badArgument(name, "a number from 1", value);
  return { width, lines, color };
}

function* tree(snapshot: Snapshot, limit: number, width: number): Generator<Span[]> {
  const context = contextOf(snapshot);
  let drawn = 0;
  let left = snapshot.omitted.scopes;
  for (const { scopes, typical, name, prefix } of new Branches(snapshot.scopes)) {
    if (++drawn > limit) {
      left += scopes.length;
      continue;
    }
    const count = scopes.length > 1 ? ` × ${scopes.length}` : "";
    const lead = { text: shorten(prefix, width / 2), color: "dim" } as const;
    yield [lead, { text: name + count, color: "bold" }, ...describe(typical, context)];
  }
  if (left > 0) yield [{ text: `… and ${left} more`, color: "dim" }];
}

/** Of the lines that lead to a deep scope, the last. */
function shorten(prefix: string, width: number): string {
  return prefix.length > width ? `…${prefix.slice(1 - width)}` : prefix;
}

function* ghosts({ ghosts: list, omitted }: Snapshot): Generator<Span[]> {
  for (const { label, age, scope } of list) {
    const text = `left behind by ${scope.kind} ${scope.name} ${duration(age)} ago: ${label}`;
    yield [{ text, color: "yellow" }];
  }
  if (omitted.ghosts > 0) yield [{ text: `… and ${omitted.ghosts} more left behind` }];
}

function* warnings({ warnings: list, omitted }: Snapshot): Generator<Span[]> {
  for (const { text } of list) yield [{ text: `! ${text}`, color: "red" }];
  if (omitted.warnings > 0) yield [{ text: `! and ${omitted.warnings} more`, color: "red" }];
}

/** As much of a line as fits; what does not ends in an ellipsis. */
function clip(line: readonly Span[], width: number): Span[] {
  const clean = line.map(({ text, color }) => ({ text: printable(text), color }));
  if (columns(clean.map(({ text }) => text).join("")) <= width) return clean;
  let left = width - 1;
  const shown = clean.map(({ text, color }): Span => {
    const [part, taken] = fit(text, left);
    left = part === text ? left - taken : 0;
    return { text: part, color };
  });
  return [...shown, { text: "…" }];
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

function paint(line: readonly Span[], color: boolean): string {
  return line
    .filter(({ text }) => text !== "")
    .map((span) =>
      color && span.color ? `\u001B[${codes[span.color]}m${span.text}\u001B[0m` : span.text,
    )
    .join("");
}
