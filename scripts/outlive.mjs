// Kills a caller again and again, and looks what its children do after its lease:
//   cd packages/restate && npm run outlive -- 100
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { all } from "joinery";
import { EngineCluster } from "../cluster/dist/engine-cluster.js";
import { installTools } from "./install-tools.mjs";

const [engine, times = "100"] = process.argv.slice(2);
const functions = join(import.meta.dirname, "..", "test", "engines", "functions.mjs");
const cluster = await EngineCluster.start({
  engine,
  workers: 3,
  functions: pathToFileURL(functions).href,
  tools: installTools,
});
const { lease, grace } = cluster;
const survivors = [];
try {
  const kills = Array.from({ length: times }, (_, n) => () => kill(`caller${n}`));
  await all(kills, { concurrency: 3 });
} finally {
  await cluster.stop();
}
const clean = times - survivors.length;
console.log(`${clean} of ${times}: nothing ran on ${lease + grace} ms after the caller was killed`);
for (const survivor of survivors) console.log(survivor);
process.exitCode = survivors.length === 0 ? 0 : 1;

async function kill(id) {
  const killed = cluster.startCaller(id);
  while (count(id, "began") < 4) await wait(50);
  await killed();
  await wait(lease + grace);
  const [began, cleaned, written] = [count(id, "began"), count(id, "cleaned"), count(id)];
  await wait(300);
  if (began !== cleaned || written !== count(id))
    survivors.push(`${id}: ${began} began, ${cleaned} cleaned up, ${written} → ${count(id)}`);
}

/** How often an event of a caller, or any, is in the journal. It is long: a look at the text is enough. */
function count(id, event = "") {
  const lines = cluster.journal();
  return lines.filter((line) => line.includes(`"id":"${id}-`) && line.includes(event)).length;
}
