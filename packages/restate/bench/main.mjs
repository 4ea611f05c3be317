// `npm run bench`: joinery over Restate beside bare calls of its ingress, in one run, on a server of its own.
// With `-- --json` the last line has the microseconds of a call, by row, subject and round.
import { fork } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { connect, rpc } from "@restatedev/restate-sdk-clients";
import { all, taskGroup } from "joinery";
import { remote } from "joinery/executor";
import { EngineCluster } from "../../../cluster/dist/engine-cluster.js";
import { installTools } from "../../../scripts/install-tools.mjs";
import { kit } from "../cluster/dist/index.js";

const [calls, inFlight, rounds, warmUps] = [500, 100, 21, 5];
const cluster = await EngineCluster.start({
  engine: "restate",
  workers: 1, // as bare Restate has: two would be half as warm, with twice the connections
  functions: new URL("functions.mjs", import.meta.url).href,
  tools: installTools,
  lease: 10_000,
});
const bareWorker = fork(new URL("bare.mjs", import.meta.url));
try {
  const { address } = cluster.server;
  const executor = cluster.open();
  const [port] = await once(bareWorker, "message");
  await kit.introduce({ ...address, workers: port });
  const bare = connect({ url: `http://127.0.0.1:${address.ingress}` });
  const service = bare.serviceClient({ name: "bare" });
  const tag = Math.random().toString(36);
  let keys = 0;
  const key = () => rpc.opts({ idempotencyKey: `${tag}-${++keys}` });
  const [echo, waits] = [remote("echo"), remote("waits")];
  const subjects = {
    "bare calls": (value) => service.echo(value),
    "bare calls with a key": (value) => service.echo(value, key()),
    "the same, with a mark": (value) => service.marked(value, key()),
    "executor.call": (value) => executor.call(echo, value),
  };
  const rates = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < warmUps; round++)
    for (const one of Object.values(subjects)) await rate(one);
  for (let round = 0; round < rounds; round++)
    for (const [name, one] of Object.entries(subjects)) rates[name].push(await rate(one));
  console.log(`awaited calls a second, ${inFlight} in flight, ${rounds} rounds of ${calls}`);
  for (const [name, values] of Object.entries(rates)) {
    const ratio = median(rates["executor.call"].map((value, at) => value / values[at]));
    const beside = name === "executor.call" ? "" : `  executor.call: ${ratio.toFixed(2)} of it`;
    console.log(`  ${name.padEnd(22)} ${median(values).toFixed(0).padStart(5)}${beside}`);
  }
  const delays = [];
  for (let n = 0; n < 20; n++) delays.push(await throwBeside(executor, waits, `sibling ${n}`));
  console.log(`a child throws → its sibling sees its signal, ${delays.length} times`);
  console.log(`  median ${median(delays)} ms, most ${Math.max(...delays)} ms`);
  await executor.close();
  if (process.argv.includes("--json")) console.log(JSON.stringify({ restate: inTimes(rates) }));
} finally {
  bareWorker.kill("SIGKILL");
  await cluster.stop();
}

/** Milliseconds from a throw to the moment in which a sibling in another process sees its signal. */
async function throwBeside(executor, waits, id) {
  let thrown;
  await taskGroup(async (group) => {
    group.createTask(() => executor.call(waits, id));
    await line("began", id);
    thrown = Date.now();
    throw new RangeError("poisoned");
  }).catch(() => {});
  return (await line("seen", id)).at - thrown;
}

async function line(event, id) {
  for (;;) {
    const entries = cluster.journal().map((text) => JSON.parse(text));
    const found = entries.find((entry) => entry.event === event && entry.id === id);
    if (found) return found;
    await wait(5);
  }
}

async function rate(one) {
  const values = Array.from({ length: calls }, (_, n) => n);
  const start = performance.now();
  await all(
    values.map((value) => () => one(value)),
    { concurrency: inFlight },
  );
  return calls / ((performance.now() - start) / 1000);
}

function inTimes(rates) {
  const times = Object.entries(rates).map(([name, values]) => [name, values.map((r) => 1e6 / r)]);
  return Object.fromEntries(times);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
