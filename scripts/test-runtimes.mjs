// Runs the suite on every runtime that joinery supports, one after the other.
//   npm run test:runtimes                      all of them
//   npm run test:runtimes -- --only bun,deno   some of them
//   npm run test:runtimes -- --write           all of them, and records the table in docs/runtimes.md
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installTools } from "./install-tools.mjs";
import { runtimes } from "./runtimes/programs.mjs";
import { recordTable, table } from "./runtimes/table.mjs";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { only: { type: "string" }, write: { type: "boolean" } } });
if (values.write && values.only !== undefined)
  throw new Error("--write records all runtimes: leave --only away.");

const chosen = choose(values.only?.split(","));
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
const tools = installTools("runtimes");

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const reports = [];
for (const { name, test } of chosen) {
  const report = await test(tools).catch(({ message }) => ({ failed: [{ test: name, message }] }));
  const { version = "", passed = 0, failed, skipped = [] } = report;
  reports.push({ name, version, passed, failed, skipped });
  say(reports.at(-1));
}

const lines = table(reports);
console.log(`\n${lines.join("\n")}`);
if (reports.some(({ failed }) => failed.length > 0)) process.exitCode = 1;
else if (values.write) recordTable(lines);

function choose(names) {
  const known = runtimes.map(({ name }) => name.replace(" ", ""));
  for (const name of names ?? [])
    if (!known.includes(name))
      throw new Error(`--only takes ${known.join(", ")}, separated by commas, and not ${name}.`);
  return runtimes.filter((_, i) => names === undefined || names.includes(known[i]));
}

function say({ name, version, passed, failed, skipped }) {
  const word = failed.length === 0 ? "ok" : "not ok";
  const counts = `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
  console.log(`${word}  ${name} ${version}: ${counts}`);
  for (const { test, message } of failed) console.log(`\n${test}\n${message}\n`);
}
