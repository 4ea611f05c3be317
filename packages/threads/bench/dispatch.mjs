// `npm run bench`: trivial calls to threads, by joinery and by piscina alone, in turns, in one run.
// With `-- --json` the last line has the microseconds of a call, by row, subject and round.
import { performance } from "node:perf_hooks";
import process from "node:process";
import { threads } from "@joinery/threads";
import { taskGroup } from "joinery";
import { remote } from "joinery/executor";
import { Piscina } from "piscina";

const [calls, rounds, size] = [4000, 25, 2]; // short turns, so that a disturbance meets both
const module = new URL("echo.mjs", import.meta.url);
const echo = remote("echo");

const piscina = new Piscina({
  filename: module.href,
  minThreads: size,
  maxThreads: size,
  idleTimeout: Infinity,
  recordTiming: false,
});
const executor = threads(module, { threads: size });

/** What is compared with bare piscina. */
const ours = {
  "executor.call": (count, inFlight) => loops(count, inFlight, (n) => executor.call(echo, n)),
  "a child for each call": children,
};
const found = {};
const bare = (count, inFlight) => loops(count, inFlight, (n) => piscina.run(n));

for (const run of [bare, ...Object.values(ours)]) await run(calls, 64); // everybody is warm
for (const inFlight of [1, 4, 64]) {
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    const rate = { piscina: await rateOf(bare, inFlight) };
    for (const [name, run] of Object.entries(ours)) rate[name] = await rateOf(run, inFlight);
    rates.push(rate);
  }
  found[`threads-${inFlight}`] = Object.fromEntries(
    ["piscina", ...Object.keys(ours)].map((name) => [name, rates.map((rate) => 1e6 / rate[name])]),
  );
  const of = (name) => median(rates.map((rate) => rate[name])).toFixed(0);
  console.log(`${inFlight} in flight: piscina ${of("piscina")}/s`);
  for (const name of Object.keys(ours)) {
    const ratio = median(rates.map((rate) => rate[name] / rate.piscina));
    console.log(`  ${name}: ${of(name)}/s, ratio ${ratio.toFixed(2)}`);
  }
}
await executor.close();
await piscina.destroy();
if (process.argv.includes("--json")) console.log(JSON.stringify(found));

async function rateOf(run, inFlight) {
  const count = inFlight === 1 ? calls / 4 : calls;
  const start = performance.now();
  await run(count, inFlight);
  return count / ((performance.now() - start) / 1000);
}

/** So many loops that call and wait. */
async function loops(count, inFlight, call) {
  let next = 0;
  const loop = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
}

/** A group with that limit, and in it a child for each call. */
async function children(count, inFlight) {
  await taskGroup(
    (group) => {
      for (let n = 0; n < count; n++) group.createTask(() => executor.call(echo, n));
    },
    { concurrency: inFlight },
  );
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
