/** In processes that Restate calls. They share a port. */

import cluster from "node:cluster";
import { fileURLToPath } from "node:url";
import { restate } from "@joinery/restate";
import { crewOf } from "./crew.ts";
import type { Place } from "./place.ts";

export const ingress = process.env["RESTATE_INGRESS"] ?? "http://127.0.0.1:8080";
const admin = process.env["RESTATE_ADMIN"] ?? "http://127.0.0.1:9070";
export const port = Number(process.env["RESTATE_WORKERS"] ?? 9080);

export async function open(workers: number): Promise<Place> {
  cluster.setupPrimary({ exec: fileURLToPath(new URL("restate-worker.js", import.meta.url)) });
  const start = () => cluster.fork().process;
  const { processes, dismiss } = await crewOf(Array.from({ length: workers }, start));
  await register();
  // The workers also speak for the lease, and are busy with frames: it is a long one.
  const executor = restate({ ingress, lease: 20_000 });
  return {
    executor,
    processes,
    async [Symbol.asyncDispose]() {
      await executor.close();
      await dismiss();
    },
  };
}

/** Tells Restate where its workers are. In production that is done once, for the address of all of them. */
async function register(): Promise<void> {
  const answer = await fetch(`${admin}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}`, force: true }),
  });
  if (!answer.ok) throw new Error(`Restate refuses the workers: ${await answer.text()}`);
}
