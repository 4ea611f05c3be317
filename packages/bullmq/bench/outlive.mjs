// `npm run outlive -- 100`: kills a caller as often as that, and looks what its children do after its lease.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { all } from "joinery";
import { RedisServer } from "../cluster/dist/redis-server.js";

const times = Number(process.argv[2] ?? 100);
const lease = 1000;
/** A worker sees up to 200 ms later that a lease is over; the cleanup of the functions takes 20 ms. */
const grace = 700;

const redis = await RedisServer.start();
const folder = mkdtempSync(join(tmpdir(), "joinery-outlive-"));
const journal = join(folder, "journal");
writeFileSync(journal, "");
const options = { connection: redis.url, queue: "outlive", lease };
const worker = start("worker", { ...options, name: "worker", concurrency: 200, journal });
await once(worker, "message");

const survivors = [];
try {
  const kills = Array.from({ length: times }, (_, n) => () => kill(`caller${n}`));
  await all(kills, { concurrency: 3 });
} finally {
  worker.kill("SIGKILL");
  await redis.stop();
  rmSync(folder, { recursive: true });
}
const clean = times - survivors.length;
console.log(`${clean} of ${times}: nothing ran on ${lease + grace} ms after the caller was killed`);
for (const survivor of survivors) console.log(survivor);
process.exitCode = survivors.length === 0 ? 0 : 1;

async function kill(id) {
  const caller = start("parent", { ...options, id });
  while (count(id, "began") < 4) await wait(20);
  const gone = once(caller, "exit");
  caller.kill("SIGKILL");
  await gone;
  await wait(lease + grace);
  const [began, cleaned, written] = [count(id, "began"), count(id, "cleaned"), count(id, "")];
  await wait(300);
  if (began !== cleaned || written !== count(id, ""))
    survivors.push(`${id}: ${began} began, ${cleaned} cleaned up, ${written} → ${count(id, "")}`);
}

function start(name, content) {
  const program = new URL(`../test/fixtures/${name}.mjs`, import.meta.url);
  return fork(program, [JSON.stringify(content)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** How often an event of a caller is in the journal. */
function count(id, event) {
  const lines = readFileSync(journal, "utf8").split("\n");
  return lines.filter((line) => line.includes(`"id":"${id}-`) && line.includes(event)).length;
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
