// The side of the page: the tests call these functions by name, and look at what they return.
import { statistics, taskGroup } from "joinery";
import { LostError } from "joinery/executor";
import { executorConformance } from "joinery/testing";
import { threads } from "@joinery/threads/web";
import * as functions from "./functions.mjs";
import { lines, written } from "./journal.mjs";

const source = new URL("./functions.mjs", import.meta.url);
const { closesOnce, echo, givesBytes, givesFunction, where } = functions;

const why = "workers are part of the page, and end with it";
const killer = new BroadcastChannel("kill");
export const harness = {
  open: () => threads(new URL("./conformance.mjs", import.meta.url), { threads: 2 }),
  journal: lines,
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
  killWorker: async (worker) => killer.postMessage(worker),
  notApplicable: { closeWorker: why, freezeWorker: why, startParent: why, restartServer: why },
};

export async function conformance(name) {
  await executorConformance(harness)
    .find((each) => each.name === name)
    .run();
  return { left: statistics() };
}

/** Runs `use` with an executor, and closes that. */
async function using(options, use) {
  const executor = threads(options.source ?? source, { threads: 1, ...options });
  try {
    return await use(executor);
  } finally {
    await executor.close();
  }
}

const errorOf = (call) =>
  call.then(
    () => undefined,
    ({ name, code, message }) => ({ name, code, message }),
  );

/** Cancels a function while it runs. */
export function cancels(name, options = {}) {
  return using(options, async (executor) => {
    const worker = await executor.call(where);
    const { cancelled } = await taskGroup(
      async (group) => {
        group.createTask(({ signal }) => executor.call(functions[name], undefined, { signal }));
        await written("begun");
        group.cancel();
      },
      { cancellable: true },
    );
    const survived = (await executor.call(where)) === worker;
    return { cancelled, survived, journal: await lines(), left: statistics() };
  });
}

/** Calls a function that loses its worker, and then another one. */
export function loses(name) {
  return using({}, async (executor) => {
    const error = await executor.call(functions[name]).catch((reason) => reason);
    const next = await executor.call(where);
    return { lost: error instanceof LostError && error.lost, message: error.message, next };
  });
}

export function runsAgain() {
  return using({}, (executor) => executor.call(closesOnce));
}

export function moves() {
  return using({}, async (executor) => {
    const bytes = new Uint8Array(1 << 20);
    const back = await executor.call(echo, bytes, { transfer: [bytes.buffer] });
    const made = await executor.call(givesBytes, 10);
    return [bytes.byteLength, back.byteLength, made.byteLength, made.at(-1)];
  });
}

export function refuses() {
  return using({}, async (executor) => {
    const worker = await executor.call(where);
    const there = await errorOf(executor.call(echo, () => {}));
    const back = await errorOf(executor.call(givesFunction));
    return { names: [there.name, back.name], survived: worker === (await executor.call(where)) };
  });
}

export function ownWorker() {
  const start = () => new Worker(new URL("./own-worker.mjs", import.meta.url), { type: "module" });
  return using({ source: start }, (executor) => executor.call(echo, "served"));
}

/** The error of a call whose worker cannot be started, or has not what it needs. */
export function failsToStart(kind) {
  const script = new URL("./broken-worker.mjs", import.meta.url);
  const sources = {
    module: new URL("./missing.mjs", import.meta.url),
    script: () => new Worker(script, { type: "module" }),
    worker: () => {
      throw new Error("no worker today");
    },
  };
  return using({ source: sources[kind] }, async (executor) => [
    await errorOf(executor.call(echo, 1)),
    await errorOf(executor.call(echo, 1)),
  ]);
}

const turn = () => new Promise((later) => setTimeout(later, 5));

/** Calls beyond the workers wait in order, and one that is cancelled leaves at once. */
export function waitsInOrder() {
  return using({}, async (executor) => {
    const order = [];
    const states = await taskGroup(async (group) => {
      const call = (fn, value) =>
        group.createTask(async ({ signal }) => {
          order.push(await executor.call(fn, value, { signal }));
        });
      const busy = call(functions.sleeps);
      await written("begun");
      call(echo, "first");
      const gone = call(echo, "never");
      call(echo, "second");
      await turn();
      gone.cancel();
      await turn();
      const seen = executor.calls.map(({ state }) => state);
      busy.cancel();
      return seen;
    });
    return { order, states };
  });
}

export const isIsolated = () => globalThis.crossOriginIsolated;
