/** The page `docs/benchmarks.md`. */

import { compare, find, measured, type Spread, spread } from "./figures.ts";
import type { Update } from "./merge.ts";
import type { Report } from "./report.ts";
import type { Row, Target } from "./rows.ts";
import type { Verdict } from "./verdict.ts";

/** Columns: all runtimes that joinery runs on. CPython is measured against each of them. */
function columns({ runtimes }: Report): Report["runtimes"] {
  return runtimes.filter(({ name }) => name !== "cpython");
}

export function page(report: Report): string {
  return [
    "# Benchmarks",
    ...introduction(report),
    "## Targets",
    ...targets(report),
    ...misses(report),
    "## All figures",
    ...report.rows.flatMap((row) => [`### ${capital(row.title)}`, ...details(report, row)]),
    "## Versions",
    versions(report),
    "",
  ].join("\n\n");
}

function introduction({ date, machine, load, rounds, updates = [] }: Report): string[] {
  return [
    `Written by \`npm run bench\` on ${date}: ${machine}; load ${load.join(" at the beginning, ")} at the end. ` +
      "[benchmarks.json](benchmarks.json) has every sample.",
    ...updates.map(again),
    "![Create and join, and cancel, as multiples of bare promises](benchmarks.svg)",
    "A figure is a ratio unless it has a unit: the time as a multiple of that of bare promises on the " +
      "same runtime, in the same round. Each measurement is a fresh process that warms up first; the " +
      `subjects take turns, for ${rounds} rounds, on Node for more where collections of the heap decide. The table has the median of the rounds and, in brackets, the ` +
      "smallest and the largest. Differences below a fifth say nothing.",
    "A task is an async function for all, `async () => { await undefined }` where it is called trivial; one that " +
      "sleeps uses the sleep of its library. Each library is used in the fastest way that its own documentation " +
      "offers: see `bench/subjects`. *In a context* is in a process where an `AsyncLocalStorage` is used, as tracers and loggers " +
      "use one; where joinery runs, one always is. Bytes are those of the heap; those of CPython are resident memory.",
    "Calls to threads and engines are multiples of what they stand on: piscina, BullMQ and Restate alone, with as many threads " +
      "and workers. `npm run bench` of the package measures them, in turns, in one run: for threads each turn in a process of its " +
      "own, because in a shared one the system's choice of a core for the threads of one subject stays, and changes the other by a factor of three.",
  ];
}

function again({ date, rounds, rows }: Update): string {
  return `Measured again on ${date}, in ${rounds} rounds: ${rows.join("; ")}.`;
}

/** One line for each target: what is asked, and what each runtime gave. */
function targets(report: Report): string[] {
  const runtimes = columns(report);
  const lines = report.rows.flatMap((row) =>
    (row.targets ?? []).map((target) => [
      label(row, target),
      limit(row, target.newer),
      limit(row, target.older),
      ...runtimes.map((runtime) => judged(report, row, target, runtime.name)),
    ]),
  );
  const titles = [
    "",
    "target, Node 24 and 26",
    "target, Node 20",
    ...runtimes.map(({ title }) => title),
  ];
  return [table(titles, lines)];
}

function label(row: Row, { subject, against, as, aim }: Target): string {
  const wish = aim === undefined ? "" : ` (aim ${number(aim)})`;
  if (against === undefined) return `${row.title}${wish}`;
  const relation = as === "difference" ? "more than" : "against";
  return `${row.title}: ${subject} ${relation} ${against}${wish}`;
}

function limit({ unit, absolute }: Row, value: number | undefined): string {
  if (value === undefined) return "–";
  if (value === Infinity) return "done";
  return `≤ ${number(value)}${absolute ? unitOf(unit) : ""}`;
}

function judged(report: Report, row: Row, target: Target, runtime: string): string {
  const verdict = report.verdicts.find(
    (v) => v.row === row.id && v.runtime === runtime && v.target === target,
  );
  if (verdict === undefined) return plain(report, row, target, runtime);
  const value = number(verdict.figure.median);
  return verdict.met ? `${value}, met` : `**${value}, missed**`;
}

/** Where nothing is asked: the figure alone. */
function plain(report: Report, row: Row, target: Target, runtime: string): string {
  const figure = find(report.figures, row.id, runtime, target.subject);
  const base = target.against && find(report.figures, row.id, runtime, target.against);
  const values = base ? compare(figure, base, target.as ?? "ratio") : measured(figure);
  const found = spread(values);
  return found ? number(found.median) : (figure?.failed ?? "–");
}

function misses(report: Report): string[] {
  const missed = report.verdicts.filter(({ met }) => !met).map((v) => `- ${miss(report, v)}`);
  const lost = report.races
    .filter(({ won }) => !won)
    .map(
      ({ row, runtime, peer, figure }) =>
        `- ${titleOf(report, runtime)}, ${rowOf(report, row).title}: ${brackets(figure)} of the time of ${peer}`,
    );
  const all = report.races.length;
  const result = [missed.length === 0 ? "Every target is met." : `Missed:\n\n${missed.join("\n")}`];
  if (lost.length > 0)
    result.push(
      `Not faster than a peer that gives a guarantee, in ${lost.length} of ${all} comparisons:\n\n${lost.join("\n")}`,
    );
  else if (all > 0)
    result.push(
      `joinery is faster than every peer that gives a guarantee, in all ${all} comparisons.`,
    );
  return result;
}

function miss(report: Report, { row, runtime, target, limit: most, figure }: Verdict): string {
  const what = rowOf(report, row);
  return `${titleOf(report, runtime)}, ${label(what, target)}: ${brackets(figure)} and not ${limit(what, most)}`;
}

/** The table of one row: each subject on each runtime. */
function details(report: Report, row: Row): string[] {
  const runtimes = columns(report);
  const lines: string[][] = row.subjects.map((subject) => [
    subject,
    ...runtimes.map(({ name: runtime }) => cell(report, row, { runtime, subject }, runtime)),
  ]);
  if (report.runtimes.some(({ name: runtime }) => runtime === "cpython"))
    for (const subject of row.cpython ?? []) {
      const own = { runtime: "cpython", subject };
      lines.push([subject, ...runtimes.map((runtime) => cell(report, row, own, runtime.name))]);
    }
  return [table(["", ...runtimes.map((runtime) => runtime.title)], lines)];
}

function cell(
  report: Report,
  row: Row,
  { runtime, subject }: { runtime: string; subject: string },
  column: string,
): string {
  const figure = find(report.figures, row.id, runtime, subject);
  if (figure?.failed !== undefined) return figure.failed;
  const base = find(report.figures, row.id, column, row.subjects[0] as string);
  const values = row.absolute ? measured(figure) : compare(figure, base, "ratio");
  const found = spread(values);
  if (found === undefined) return "–";
  return figure === base && !row.absolute
    ? "1"
    : brackets(found) + (row.absolute ? unitOf(row.unit) : "");
}

function brackets({ median, min, max }: Spread): string {
  const [middle, least, most] = [number(median), number(min), number(max)];
  return least === most ? middle : `${middle} [${least}..${most}]`;
}

function unitOf(unit: Row["unit"]): string {
  return unit === "exponent" || unit === "listeners" ? "" : ` ${unit}`;
}

/** Three digits; thousands with a comma. */
function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toFixed(Math.abs(value) >= 10 ? 1 : 2)));
}

function versions({ versions: own, runtimes }: Report): string {
  const libraries = Object.entries(own).map(([library, version]) => `${library} ${version}`);
  const programs = runtimes.map(({ title, version }) => `${title.split(" ")[0]} ${version}`);
  return [...libraries, ...programs].join(", ");
}

function rowOf({ rows }: Report, id: string): Row {
  return rows.find((row) => row.id === id) as Row;
}

function titleOf({ runtimes }: Report, runtime: string): string {
  return runtimes.find(({ name }) => name === runtime)?.title ?? runtime;
}

function table(titles: readonly string[], lines: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => "---"), ...lines]
    .map((line) => `| ${line.join(" | ")} |`)
    .join("\n");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
