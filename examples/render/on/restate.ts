/** In processes that Restate calls. They could be anywhere; here they are started along, and share a port. */

import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { restate } from "@joinery/restate";
import type { Place } from "./place.ts";

export const ingress = process.env["RESTATE_INGRESS"] ?? "http://127.0.0.1:8080";
const admin = process.env["RESTATE_ADMIN"] ?? "http://127.0.0.1:9070";
export const port = Number(process.env["RESTATE_WORKERS"] ?? 9080);

export async function open(workers: number): Promise<Place> {
  cluster.setupPrimary({ exec: fileURLToPath(new URL("restate-worker.js", import.meta.url)) });
  const crew = Array.from({ length: workers }, () => cluster.fork());
  await Promise.all(crew.map((worker) => once(worker, "message")));
  await register();
  const executor = restate({ ingress, lease: 5000 });
  return {
    executor,
    async [Symbol.asyncDispose]() {
      await executor.close();
      await Promise.all(crew.map(end));
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

async function end(worker: Worker): Promise<void> {
  const gone = once(worker, "exit");
  worker.process.kill("SIGTERM");
  await gone;
}
