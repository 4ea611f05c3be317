// Mutation testing: changes a layer in thousands of small ways, and looks whether a test fails each time.
//
//   npm run mutate                                           all files of the core
//   npm run mutate -- --layer sync                           all files of another layer
//   npm run mutate -- --mutate src/core/wait.ts              one, or several with commas between
//   npm run mutate -- --force                                without the results of the last run
//   npm run mutate -- --concurrency 1                        one mutant at a time; two by default
//
// Changes that change nothing are listed in docs/mutants.md. They do not count, and the list has to be true.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { change, listedMutants } from "./equivalent-mutants.mjs";
import { installTools } from "./install-tools.mjs";

const nothing = { killed: 0, survived: 0, equivalent: 0 };
const outcomes = {
  Killed: "killed",
  Timeout: "killed",
  RuntimeError: "killed", // the tests cannot even be loaded
  Survived: "survived",
  NoCoverage: "survived",
};

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

const ended = runStryker();
if (ended === 0) {
  const report = JSON.parse(readFileSync(join(root, config.jsonReporter.fileName), "utf8"));
  process.exitCode = judge(report, args.mutate?.split(","));
} else {
  process.exitCode = ended;
}

function layerOf(files) {
  return /^src\/(\w+)\//.exec(files ?? "")?.[1];
}

function runStryker() {
  const stryker = join(tools, "node_modules/@stryker-mutator/core/bin/stryker.js");
  const options = ["run", join(tools, "stryker.config.mjs")];
  if (args.mutate) options.push("--mutate", args.mutate);
  if (args.force) options.push("--force");
  if (args.concurrency) options.push("--concurrency", args.concurrency);
  const ran = spawnSync(process.execPath, [stryker, ...options], { cwd: root, stdio: "inherit" });
  return ran.status ?? 1;
}

/** Prints what the report says about `files` (all of them by default); returns the exit code. */
function judge(report, files = Object.keys(report.files)) {
  const listed = listedMutants(readFileSync(join(root, "docs/mutants.md"), "utf8"));
  const counts = files.toSorted().map((file) => count(file, report.files[file], listed));
  const total = counts.reduce(add, { file: "all", ...nothing });
  const survivors = counts.flatMap((each) => each.survivors);
  const outdated = listed.filter((each) => files.includes(each.file) && !each.found);

  for (const { place, mutator, before, after } of survivors)
    console.log(`\n${place}  ${mutator}\n- ${before}\n+ ${after}`);
  console.log();
  console.table(Object.fromEntries([...counts, total].map((each) => [each.file, row(each)])));
  for (const { file, before, after } of outdated)
    console.log(
      `\nno longer a survivor: remove it from docs/mutants.md\n${file}\n- ${before}\n+ ${after}`,
    );
  console.log(
    `${percent(score(total))} of the mutants are killed; without the list: ${percent(rawScore(total))}`,
  );
  return score(total) >= config.thresholds.low && outdated.length === 0 ? 0 : 1;
}

/** Counts the mutants of a file, and strikes out those that are on the list. */
function count(file, { source, mutants }, listed) {
  const counted = { file, ...nothing, survivors: [] };
  for (const mutant of mutants) {
    let outcome = outcomes[mutant.status];
    if (outcome === undefined) throw new Error(`${file}: a mutant is ${mutant.status}`);
    if (outcome === "survived") {
      const { before, after } = change(source, mutant);
      const entry = listed.find(
        (each) =>
          !each.found && each.file === file && each.before === before && each.after === after,
      );
      if (entry) outcome = "equivalent";
      if (entry) entry.found = true;
      const { line, column } = mutant.location.start;
      const place = `${file}:${line}:${column}`;
      if (!entry) counted.survivors.push({ place, mutator: mutant.mutatorName, before, after });
    }
    counted[outcome]++;
  }
  return counted;
}

function add(sum, each) {
  for (const key of Object.keys(nothing)) sum[key] += each[key];
  return sum;
}

function row(each) {
  const { killed, survived, equivalent } = each;
  return {
    killed,
    survived,
    equivalent,
    score: percent(score(each)),
    raw: percent(rawScore(each)),
  };
}

function score({ killed, survived }) {
  return (100 * killed) / (killed + survived);
}

function rawScore({ killed, survived, equivalent }) {
  return (100 * killed) / (killed + survived + equivalent);
}

function percent(number) {
  return `${number.toFixed(2)} %`;
}
