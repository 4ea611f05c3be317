// Mutation testing: changes a layer in thousands of small ways, and looks whether a test fails each time.
//
//   npm run mutate                                           all files of the core
//   npm run mutate -- --layer sync                           all files of another layer
//   npm run mutate -- --mutate src/core/wait.ts              one, or several with commas between
//   npm run mutate -- --force                                without the results of the last run
//   npm run mutate -- --concurrency 1                        one mutant at a time; two by default
//
// Changes that change nothing are listed in docs/mutants.md. They do not count, and the list has to be true. A listed one
// that was killed is tried once more by itself: on a busy machine a test may fail for another reason.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listedMutants } from "./equivalent-mutants.mjs";
import { installTools } from "./install-tools.mjs";
import { readReport, tally } from "./mutation-report.mjs";

const root = join(import.meta.dirname, "..");
const { values: args } = parseArgs({
  options: {
    layer: { type: "string" },
    mutate: { type: "string" },
    force: { type: "boolean" },
    concurrency: { type: "string" },
  },
});
// For the configurations, which are loaded by other processes as well.
process.env.JOINERY_LAYER = args.layer ?? layerOf(args.mutate) ?? "core";
const tools = installTools("mutation");
const { default: config } = await import(join(tools, "stryker.config.mjs"));
const listed = listedMutants(readFileSync(join(root, "docs/mutants.md"), "utf8"));
const files = args.mutate && [...new Set(args.mutate.split(",").map((each) => each.split(":")[0]))];

process.exitCode = run(args);

function layerOf(pattern) {
  return /^src\/(\w+)\//.exec(pattern ?? "")?.[1];
}

function run(options) {
  const ended = runStryker(options);
  if (ended !== 0) return ended;
  const found = read();
  if (found.doubtful.length === 0) return judge(found);
  const mutate = found.doubtful.map((each) => each.range).join(",");
  return runStryker({ ...options, mutate, force: true }) || judge(read());
}

function runStryker({ mutate, force, concurrency }) {
  const stryker = join(tools, "node_modules/@stryker-mutator/core/bin/stryker.js");
  const options = ["run", join(tools, "stryker.config.mjs")];
  if (mutate) options.push("--mutate", mutate);
  if (force) options.push("--force");
  if (concurrency) options.push("--concurrency", concurrency);
  const ran = spawnSync(process.execPath, [stryker, ...options], { cwd: root, stdio: "inherit" });
  return ran.status ?? 1;
}

function read() {
  const report = JSON.parse(readFileSync(join(root, config.jsonReporter.fileName), "utf8"));
  return readReport(report, listed, files ?? Object.keys(report.files));
}

/** Prints what the report says; returns the exit code. */
function judge({ mutants, outdated }) {
  for (const { place, mutator, before, after, outcome } of mutants)
    if (outcome === "survived") console.log(`\n${place}  ${mutator}\n- ${before}\n+ ${after}`);
  console.log();
  const total = tally(mutants);
  const names = new Set(mutants.map((each) => each.file));
  const rows = [...names].map((file) => [file, row(mutants.filter((each) => each.file === file))]);
  console.table(Object.fromEntries([...rows, ["all", row(mutants)]]));
  for (const { file, before, after } of outdated)
    console.log(
      `\nno longer a survivor: remove it from docs/mutants.md\n${file}\n- ${before}\n+ ${after}`,
    );
  console.log(
    `${percent(total.score)} of the mutants are killed; without the list: ${percent(total.raw)}`,
  );
  return total.score >= config.thresholds.low && outdated.length === 0 ? 0 : 1;
}

function row(mutants) {
  const { score, raw, ...counts } = tally(mutants);
  return { ...counts, score: percent(score), raw: percent(raw) };
}

function percent(number) {
  return `${number.toFixed(2)} %`;
}
