/** The contract of executors, kept over BullMQ and a real Redis, between processes. */

import { bullmq } from "@joinery/bullmq";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testConformance } from "../../../test/support/conformance.ts";
import { RedisServer } from "../cluster/redis-server.ts";
import { Cluster } from "./cluster.ts";

const lease = 1500;
/** After the lease, a worker takes up to 200 ms to see that it is over, and the functions clean up. */
const grace = 700;

let redis: RedisServer;
let cluster: Cluster;

beforeAll(async () => {
  redis = await RedisServer.start();
  cluster = new Cluster({ connection: redis.url, queue: "conformance", lease });
  for (let n = 0; n < 3; n++) await cluster.startWorker();
}, 60_000);

afterAll(async () => {
  await cluster.stop();
  await redis.stop();
});

const others = testConformance({
  open: () => bullmq(cluster.options),
  journal: () => cluster.journal,
  lease: lease + grace,
  async killWorker(worker) {
    await cluster.killWorker(worker);
    await cluster.startWorker();
  },
  freezeWorker: async (worker) => cluster.freezeWorker(worker),
  startParent: async (id) => cluster.startParent(id),
  restartServer: () => redis.restart(),
});

test("all of it applies", () => {
  expect(others).toEqual([]);
});
