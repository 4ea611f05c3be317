/** In processes that take their work from a queue in Redis. They could be anywhere; here they are started along. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bullmq } from "@joinery/bullmq";
import type { Place } from "./place.ts";

export const queue = {
  connection: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379",
  queue: "render",
};

export async function open(workers: number): Promise<Place> {
  const program = fileURLToPath(new URL("bullmq-worker.js", import.meta.url));
  // Not in the group of this process: Ctrl-C is for the caller, who tells them.
  const processes = Array.from({ length: workers }, () => fork(program, { detached: true }));
  await Promise.all(processes.map((worker) => once(worker, "message")));
  const executor = bullmq({ ...queue, lease: 5000 });
  return {
    executor,
    async [Symbol.asyncDispose]() {
      await executor.close();
      const gone = processes.map((worker) => once(worker, "exit"));
      for (const worker of processes) worker.disconnect();
      await Promise.all(gone);
    },
  };
}
