/** Workers that vanish, callers that are not heard of, and a Redis that forgets: what the conformance suite does not ask. */

import { bullmq } from "@joinery/bullmq";
import { moveOnAfter, sleep } from "joinery";
import { LostError } from "joinery/executor";
import { conformanceFunctions } from "joinery/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RedisServer } from "../cluster/redis-server.ts";
import { Cluster } from "./cluster.ts";
import { until, useRedis } from "./support.ts";

const url = useRedis();
const lease = 800;
const { work, workAgain } = conformanceFunctions();
const long = { ms: 60_000, step: 20 };

let cluster: Cluster;
let queues = 0;

beforeEach(() => {
  const queue = `lost-${process.pid}-${++queues}`;
  cluster = new Cluster({ connection: url(), queue, lease });
});

afterEach(() => cluster.stop());

/** How often `event` is in the journal. */
function count(event: string): number {
  return cluster.journal.filter((line) => line.includes(`"event":"${event}"`)).length;
}

test("a call whose worker is killed, and which is cancelled while nobody has it, never begins again", async () => {
  await using executor = bullmq(cluster.options);
  const worker = await cluster.startWorker();
  let ending: unknown;
  await moveOnAfter(60_000, async (scope) => {
    const call = executor.call(workAgain, { ...long, id: "a" }, { signal: scope.signal });
    await until(() => count("began") === 1);
    await cluster.killWorker(worker);
    scope.reschedule(-Infinity);
    await call.catch((reason: unknown) => (ending = reason));
  });
  expect(ending).toBeInstanceOf(LostError);
  await cluster.startWorker();
  await sleep(2 * lease);
  expect(count("began")).toBe(1);
});

test("an idempotent call that has lost three workers is lost itself", async () => {
  await using executor = bullmq(cluster.options);
  const ending = executor
    .call(workAgain, { ...long, id: "a" })
    .catch((reason: unknown) => reason as LostError);
  for (let death = 1; death <= 3; death++) {
    const worker = await cluster.startWorker();
    await until(() => count("began") === death);
    await cluster.killWorker(worker);
  }
  await cluster.startWorker();
  expect(await ending).toMatchObject({ code: "JOINERY_LOST", lost: "worker" });
  expect(count("began")).toBe(3);
});

test("a worker that is asked to end finishes what it has", async () => {
  await using executor = bullmq(cluster.options);
  const worker = await cluster.startWorker();
  const result = executor.call(work, { id: "a", ms: 300, step: 20 });
  await until(() => count("began") === 1);
  expect(await cluster.endWorker(worker)).toBe(143);
  expect(await result).toBe("a");
});

test("a Redis that has forgotten everything loses the calls", async () => {
  const redis = await RedisServer.start();
  await using executor = bullmq({ ...cluster.options, connection: redis.url });
  const ending = executor
    .call(work, { ...long, id: "a" })
    .catch((reason: unknown) => reason as LostError);
  await cluster.startWorker({ connection: redis.url });
  await until(() => count("began") === 1);
  await redis.restartEmpty();
  expect(await ending).toMatchObject({ code: "JOINERY_LOST", lost: "engine" });
  await until(() => count("cleaned") === 1);
  await redis.stop();
});
