// `npm run bench`: trivial calls to threads, by joinery and by piscina alone, in turns, in one run. Each turn is a
// process of its own: in a shared one, where the system puts the threads of one subject decides on the other as well.
// With `-- --json` the last line has the microseconds of a call, by row, subject and round.
import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const rounds = 15;
const turn = fileURLToPath(new URL("turn.mjs", import.meta.url));
const [bare, ...ours] = ["piscina", "executor.call", "a child for each call"];

const samples = {};
for (let round = 0; round < rounds; round++)
  for (const subject of [bare, ...ours])
    for (const [inFlight, microseconds] of Object.entries(measure(subject)))
      ((samples[inFlight] ??= {})[subject] ??= []).push(microseconds);

for (const [inFlight, of] of Object.entries(samples)) {
  console.log(`${inFlight} in flight: piscina ${rate(of[bare])}/s`);
  for (const subject of ours) {
    const ratio = median(of[subject].map((each, round) => of[bare][round] / each));
    console.log(`  ${subject}: ${rate(of[subject])}/s, ratio ${ratio.toFixed(2)}`);
  }
}
if (process.argv.includes("--json")) {
  const rows = Object.entries(samples).map(([inFlight, of]) => [`threads-${inFlight}`, of]);
  console.log(JSON.stringify(Object.fromEntries(rows)));
}

function measure(subject) {
  const printed = execFileSync(process.execPath, [turn, subject], { encoding: "utf8" });
  return JSON.parse(printed);
}

function rate(microseconds) {
  return (1e6 / median(microseconds)).toFixed(0);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
