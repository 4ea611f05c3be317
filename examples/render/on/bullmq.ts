/** In processes that take their work from a queue in Redis. */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bullmq } from "@joinery/bullmq";
import { crewOf } from "./crew.ts";
import type { Place } from "./place.ts";

export const queue = {
  connection: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379",
  queue: "render",
};

export async function open(workers: number): Promise<Place> {
  const program = fileURLToPath(new URL("bullmq-worker.js", import.meta.url));
  // Not in the group of this process: Ctrl-C is for the caller, who tells them.
  const start = () => fork(program, { detached: true });
  const { processes, dismiss } = await crewOf(Array.from({ length: workers }, start));
  const executor = bullmq({ ...queue, lease: 5000 });
  return {
    executor,
    processes,
    async [Symbol.asyncDispose]() {
      await executor.close();
      await dismiss();
    },
  };
}
