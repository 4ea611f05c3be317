/** What `npm run bench` does once everything is built: see `usage`. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { baselineMajors, measureCounts } from "./baseline.ts";
import { page } from "./markdown.ts";
import { measure, type Progress } from "./measure.ts";
import { merge } from "./merge.ts";
import { measurePackages, packageRows, packageTopics } from "./packages.ts";
import { choosePackages, chooseRows, type Plan } from "./plan.ts";
import { plot } from "./plot.ts";
import { type Report, report } from "./report.ts";
import { rows, topics as ownTopics } from "./rows.ts";
import { findRuntimes, type Runtime, runtimeNames } from "./runtimes.ts";
import { load, setting } from "./setting.ts";

const topics = [...ownTopics, ...packageTopics];
const rowNames = [...rows, ...packageRows].map(({ id }) => id);

const root = join(import.meta.dirname, "..", "..");

const formatter = join(root, "node_modules", "oxfmt", "bin", "oxfmt");

const usage = `npm run bench                            everything; writes docs/benchmarks.{md,json,svg}
npm run bench -- --quick                 the essential rows on the Node that runs this, in two minutes
npm run bench -- --only spawn,cancel     of ${topics.join(", ")}; or one row: spawn-10k
npm run bench -- --runtimes node24,bun   of ${runtimeNames.join(", ")}
npm run bench -- --rounds 5              instead of 3
npm run bench -- --write                 puts what --quick, --only and --runtimes leave of it into the page
npm run bench -- --baseline              writes bench/baseline.json, which the tests compare with`;

interface Tools {
  /** Installs the runtimes, and tells where they are. */
  readonly runtimes: () => string;
  /** Installs and builds packages. */
  readonly packages: (names: readonly string[]) => void;
}

export async function main(args: readonly string[], tools: Tools): Promise<void> {
  const options = parse(args);
  if (options.help) console.log(usage);
  else if (options.baseline) await writeBaseline(tools.runtimes);
  else await bench(options, tools);
}

type Options = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      runtimes: { type: "string" },
      rounds: { type: "string" },
      write: { type: "boolean", default: false },
      baseline: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const only = list("only", values.only, [...topics, ...rowNames]);
  const runtimes = list("runtimes", values.runtimes, runtimeNames);
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 3));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error("--rounds takes a number from 1 on.");
  const partial = values.quick || only !== undefined || runtimes !== undefined;
  return { ...values, only, runtimes, rounds, partial, write: values.write || !partial };
}

function list(
  option: string,
  value: string | undefined,
  known: readonly string[],
): string[] | undefined {
  const chosen = value?.split(",");
  const unknown = chosen?.find((name) => !known.includes(name));
  if (unknown === undefined) return chosen;
  throw new Error(
    `--${option} takes ${known.join(", ")}, separated by commas, and not ${unknown}.`,
  );
}

async function bench(options: Options, tools: Tools): Promise<void> {
  const loadBefore = load();
  const plan: Plan = {
    rows: chooseRows(options.only, options.quick),
    packages: choosePackages(options.only, options.quick),
    runtimes: chooseRuntimes(options, tools.runtimes),
    rounds: options.rounds,
    quick: options.quick,
    patience: options.quick ? { warmUp: 150, budget: 200 } : { warmUp: 250, budget: 300 },
  };
  const figures = await measure(plan, teller());
  tools.packages([...new Set(plan.packages.map(({ topic }) => topic))]);
  figures.push(...(await measurePackages(plan.packages, plan.runtimes, console.log)));
  const found = report(plan, figures, setting(root, loadBefore));
  console.log(`\n${page(found)}`);
  if (options.write) write(options.partial ? merge(lastReport(), found) : found);
}

function missing(name: string): void {
  console.log(`${name} is not there, and left out.`);
}

function chooseRuntimes(options: Options, tools: () => string): Runtime[] {
  const all = runtimeNames.filter((name) => name !== "node");
  const chosen = options.runtimes ?? (options.quick ? ["node"] : all);
  const names = runtimeNames.filter((name) => chosen.includes(name));
  const found = findRuntimes(names, tools, missing);
  // Only Linux has the packaged ones.
  return found.some(({ name }) => name !== "cpython")
    ? found
    : [...findRuntimes(["node"], tools, missing), ...found];
}

function lastReport(): Report {
  return JSON.parse(readFileSync(join(root, "docs", "benchmarks.json"), "utf8")) as Report;
}

function write(found: Report): void {
  save("md", page(found));
  save("json", JSON.stringify(found));
  const picture = plot(found);
  if (picture !== undefined) save("svg", picture);
}

/** Writes a page of the documentation, formatted as the repository asks for it. */
function save(extension: string, text: string): void {
  const file = join(root, "docs", `benchmarks.${extension}`);
  writeFileSync(file, text);
  if (extension === "json") execFileSync(process.execPath, [formatter, file]);
}

/** Tells how far it is, how long it may still take, and what came out. */
function teller(): Progress {
  const start = performance.now();
  return ({ row, runtime, subject }, done, of, outcome) => {
    const minutes = ((performance.now() - start) / done) * (of - done) * (1 / 60_000);
    const figure = typeof outcome === "number" ? `${outcome.toFixed(2)} ${row.unit}` : outcome;
    const place = `[${done}/${of}, ${minutes.toFixed(1)} min left]`;
    console.log(`${place} ${row.id}, ${runtime.title}, ${subject}: ${figure}`);
  };
}

async function writeBaseline(tools: () => string): Promise<void> {
  const path = join(root, "bench", "baseline.json");
  const baseline = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const names = baselineMajors.map((major) => `node${major}`);
  for (const { title, program } of findRuntimes(names, tools, () => {})) {
    baseline[title] = await measureCounts(program, root);
    console.log(title, baseline[title]);
  }
  writeFileSync(path, `${JSON.stringify(baseline, undefined, 2)}\n`);
}
