// One turn of one subject, in a process of its own: its name is the argument, the microseconds of a call are printed.
import { performance } from "node:perf_hooks";
import process from "node:process";
import { threads } from "@joinery/threads";
import { taskGroup } from "joinery";
import { remote } from "joinery/executor";
import { Piscina } from "piscina";

const size = 2;
const module = new URL("echo.mjs", import.meta.url);
const echo = remote("echo");

/** Opens the threads of a subject; gives what makes so many calls, so many in flight, and what closes the threads. */
const subjects = {
  piscina() {
    const piscina = new Piscina({
      filename: module.href,
      minThreads: size,
      maxThreads: size,
      idleTimeout: Infinity,
      recordTiming: false,
    });
    const run = (count, inFlight) => loops(count, inFlight, (n) => piscina.run(n));
    return { run, close: () => piscina.destroy() };
  },
  "executor.call": () => joinery(loops),
  "a child for each call": () => joinery(children),
};

function joinery(make) {
  const executor = threads(module, { threads: size });
  const run = (count, inFlight) => make(count, inFlight, (n) => executor.call(echo, n));
  return { run, close: () => executor.close() };
}

const { run, close } = subjects[process.argv[2]]();
await run(20_000, 64); // V8 and the threads are warm
const microseconds = {
  1: await measure(4000, 1),
  4: await measure(10_000, 4),
  64: await measure(20_000, 64),
};
await close();
console.log(JSON.stringify(microseconds));

async function measure(count, inFlight) {
  const start = performance.now();
  await run(count, inFlight);
  return ((performance.now() - start) * 1000) / count;
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
async function children(count, inFlight, call) {
  await taskGroup(
    (group) => {
      for (let n = 0; n < count; n++) group.createTask(() => call(n));
    },
    { concurrency: inFlight },
  );
}
