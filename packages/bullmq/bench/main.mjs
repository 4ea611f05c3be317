// `npm run bench`: joinery over BullMQ beside BullMQ alone, in one run, on a Redis of its own.
// With `-- --json` the last line has the microseconds of a call, by row, subject and round.
import { fork } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { bullmq } from "@joinery/bullmq";
import { Queue, QueueEvents } from "bullmq";
import { all, taskGroup } from "joinery";
import { remote } from "joinery/executor";
import { RedisServer } from "../cluster/dist/redis-server.js";

const echo = remote("echo");
const waits = remote("waits");
const [tasks, inFlight, rounds, workers] = [3000, 100, 15, 2];

// What is compared is the work of the processes, and not the disk.
const redis = await RedisServer.start(undefined, { appendfsync: "everysec" });
const connection = redis.url;
const { hostname: host, port } = new URL(connection);
const processes = [];
try {
  const bare = await openBare();
  const ours = await openJoinery();
  for (const open of [bare, ours]) await open.run(tasks / 3); // everybody is warm
  const rates = { bare: [], joinery: [] };
  for (let round = 0; round < rounds; round++) {
    rates.bare.push(await rate(bare.run));
    rates.joinery.push(await rate(ours.run));
  }
  const ratios = rates.joinery.map((value, at) => value / rates.bare[at]);
  console.log(
    `awaited tasks a second, ${inFlight} in flight, ${workers} workers, ${rounds} rounds`,
  );
  console.log(`  BullMQ alone  ${median(rates.bare).toFixed(0)}`);
  console.log(`  joinery       ${median(rates.joinery).toFixed(0)}`);
  console.log(`  ratio         ${median(ratios).toFixed(2)} (target: at least 0.7)`);
  const delays = [];
  for (let n = 0; n < 20; n++) delays.push(await ours.throwBeside());
  console.log(`a child throws → its sibling sees its signal, ${delays.length} times`);
  console.log(`  median ${median(delays).toFixed(0)} ms, most ${Math.max(...delays)} ms`);
  await bare.close();
  await ours.close();
  const times = { "BullMQ alone": inTimes(rates.bare), "executor.call": inTimes(rates.joinery) };
  if (process.argv.includes("--json")) console.log(JSON.stringify({ bullmq: times }));
} finally {
  for (const child of processes) child.kill("SIGKILL");
  await redis.stop();
}

async function openBare() {
  await startWorkers("bare");
  const options = { connection: { host, port: Number(port) } };
  const queue = new Queue("bare", options).setMaxListeners(0);
  const events = new QueueEvents("bare", options);
  await events.waitUntilReady();
  const one = async (value) => {
    // It keeps its jobs: one that is removed at once cannot be waited for.
    const job = await queue.add("echo", { value });
    return job.waitUntilFinished(events);
  };
  return {
    run: (count) => windowed(count, one),
    close: () => Promise.all([queue.close(), events.close()]),
  };
}

async function openJoinery() {
  const children = await startWorkers("joinery");
  const executor = bullmq({ connection, queue: "joinery" });
  return {
    run: (count) => windowed(count, (value) => executor.call(echo, value)),
    close: () => executor.close(),
    /** Milliseconds from a throw to the moment in which a sibling in another process sees its signal. */
    async throwBeside() {
      const seen = Promise.race(children.map((child) => message(child, ({ seen: at }) => at)));
      const began = Promise.race(children.map((child) => message(child, (m) => m === "began")));
      let thrown;
      await taskGroup(async (group) => {
        group.createTask(() => executor.call(waits));
        await began;
        thrown = Date.now();
        throw new RangeError("poisoned");
      }).catch(() => {});
      return (await seen).seen - thrown;
    },
  };
}

/** Resolves with the next message of a worker that is meant. */
function message(child, isMeant) {
  return new Promise((resolve) => {
    child.on("message", function listener(content) {
      if (!isMeant(content)) return;
      child.off("message", listener);
      resolve(content);
    });
  });
}

async function startWorkers(kind) {
  const options = { kind, connection, queue: kind, concurrency: inFlight / workers };
  const program = new URL("worker.mjs", import.meta.url);
  const started = Array.from({ length: workers }, () =>
    fork(program, [JSON.stringify(options)]).setMaxListeners(0),
  );
  processes.push(...started);
  await Promise.all(started.map((child) => once(child, "message")));
  return started;
}

/** The same window for both. */
async function windowed(count, one) {
  const values = Array.from({ length: count }, (_, n) => n);
  await all(
    values.map((value) => () => one(value)),
    { concurrency: inFlight },
  );
}

async function rate(run) {
  const start = performance.now();
  await run(tasks);
  return tasks / ((performance.now() - start) / 1000);
}

function inTimes(rates) {
  return rates.map((value) => 1e6 / value);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
