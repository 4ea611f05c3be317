// `npm run outlive -- 100`: kills a caller as often as that, and looks what its children do after its lease.
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { all } from "joinery";
import { EngineCluster } from "../../../cluster/dist/engine-cluster.js";
import { installTools } from "../../../scripts/install-tools.mjs";

const times = Number(process.argv[2] ?? 100);
const lease = 8000;
/** The cleanup of the functions takes 20 ms, on a machine that may be busy. */
const grace = 1000;

const cluster = await EngineCluster.start({
  engine: "restate",
  workers: 3,
  functions: new URL("functions.mjs", import.meta.url).href,
  tools: installTools,
});
const survivors = [];
try {
  const kills = Array.from({ length: times }, (_, n) => () => kill(`caller${n}`));
  await all(kills, { concurrency: 2 });
} finally {
  await cluster.stop();
}
const clean = times - survivors.length;
console.log(`${clean} of ${times}: nothing ran on ${lease + grace} ms after the caller was killed`);
for (const survivor of survivors) console.log(survivor);
process.exitCode = survivors.length === 0 ? 0 : 1;

async function kill(id) {
  const program = fileURLToPath(new URL("../../../test/engines/parent.mjs", import.meta.url));
  const args = [cluster.kitModule, JSON.stringify(cluster.server.address), String(lease), id];
  const caller = spawn(process.execPath, [program, ...args], { stdio: "inherit" });
  const gone = once(caller, "exit");
  while (count(id, "began") < 4) await wait(200);
  caller.kill("SIGKILL");
  await gone;
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
