// A worker process of the benchmark: of joinery, or of BullMQ alone.
import process from "node:process";
import { serve } from "@joinery/bullmq";
import { Worker } from "bullmq";
import { sleep } from "joinery";
import { remote } from "joinery/executor";

const { kind, connection, queue, concurrency } = JSON.parse(process.argv[2]);

/** Nothing: what is measured is the way there and back. */
export const echo = remote("echo", (value) => value);
/** Waits for a cancel, and says when it came. */
export const waits = remote("waits", async (_, { signal }) => {
  process.send("began");
  await sleep(60_000, { signal }).catch(() => {});
  process.send({ seen: Date.now() });
});

if (kind === "joinery") {
  await serve({ echo, waits }, { connection, queue, concurrency });
} else {
  const { hostname: host, port } = new URL(connection);
  const worker = new Worker(queue, async (job) => job.data.value, {
    connection: { host, port: Number(port) },
    concurrency,
  });
  await worker.waitUntilReady();
}
process.send("ready");
process.once("disconnect", () => process.exit());
