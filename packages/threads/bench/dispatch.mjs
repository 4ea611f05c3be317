// `npm run bench`: trivial tasks in threads, by joinery and by piscina alone, in one run.
import { performance } from "node:perf_hooks";
import { threads } from "@joinery/threads";
import { all } from "joinery";
import { remote } from "joinery/executor";
import { Piscina } from "piscina";

const [tasks, rounds, size] = [20_000, 7, 2];
const module = new URL("echo.mjs", import.meta.url);
const echo = remote("echo");

const piscina = new Piscina({ filename: module.href, minThreads: size, maxThreads: size });
const executor = threads(module, { threads: size });
const runs = {
  piscina: (value) => piscina.run(value),
  joinery: (value) => executor.call(echo, value),
};

for (const run of Object.values(runs)) await windowed(tasks, run, 64); // everybody is warm
for (const inFlight of [1, 4, 64]) {
  const ratios = [];
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    const bare = await rate(runs.piscina, inFlight);
    const ours = await rate(runs.joinery, inFlight);
    rates.push([bare, ours]);
    ratios.push(ours / bare);
  }
  const [bare, ours] = [0, 1].map((at) => median(rates.map((pair) => pair[at])).toFixed(0));
  const ratio = median(ratios).toFixed(2);
  console.log(`${inFlight} in flight: piscina ${bare}/s, joinery ${ours}/s, ratio ${ratio}`);
}
await executor.close();
await piscina.destroy();

async function rate(run, inFlight) {
  const count = inFlight === 1 ? tasks / 4 : tasks;
  const start = performance.now();
  await windowed(count, run, inFlight);
  return count / ((performance.now() - start) / 1000);
}

/** The same window for both. */
async function windowed(count, run, inFlight) {
  const values = Array.from({ length: count }, (_, n) => n);
  await all(
    values.map((value) => () => run(value)),
    { concurrency: inFlight },
  );
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
