/**
 * Measures what a stop costs: starts the server in a process of its own, puts it under load, and sends SIGTERM in the middle:
 * `npm run example load [--seconds 2] [--connections 20]`. Ends with 0 if every request that was accepted got its reply.
 */

import autocannon from "autocannon";
import { allSettled, run, sleep, taskGroup, type TaskGroup } from "joinery";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "2" },
    connections: { type: "string", default: "20" },
  },
});

const quick = ["1", "5", "25"].map((ms) => ({ path: `/work?ms=${ms}` }));

/** Clients that ask again and again until the returned function is called: it returns how many replies they got. */
function startQuickClients(url: string): () => Promise<number> {
  let clients: autocannon.Instance;
  const connections = Number(values.connections);
  const result = new Promise<autocannon.Result>((resolve, reject) => {
    clients = autocannon({ url, requests: quick, connections, duration: 3600 }, (error, done) =>
      error ? reject(error) : resolve(done),
    );
  });
  return async () => {
    clients.stop();
    const { "2xx": good, non2xx } = await result;
    return good + non2xx;
  };
}

/** Clients that ask once, for work that takes longer than the server lets it when it stops. Returns how many replies they got. */
async function slowClients(url: string): Promise<number> {
  const request = async ({ signal }: { signal: AbortSignal }): Promise<void> => {
    const response = await fetch(new URL("/work?ms=60000", url), { signal });
    await response.text();
  };
  const outcomes = await allSettled(Array.from({ length: 5 }, () => request));
  return outcomes.filter(({ status }) => status === "fulfilled").length;
}

/** The clients and the server, from the first request to the last reply. */
async function measure(group: TaskGroup): Promise<void> {
  const program = join(import.meta.dirname, "main.js");
  const args = [program, "--port", "0", "--drain", "1000"];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  group.defer(() => void server.kill("SIGKILL"));
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();

  const [url] = /http:\S+/.exec((await lines.next()).value ?? "") ?? [""];
  const stopQuickClients = startQuickClients(url);
  const slow = group.createTask(() => slowClients(url));
  await sleep(Number(values.seconds) * 1000);
  server.kill("SIGTERM");
  console.log(`SIGTERM under the load of ${values.connections} clients, and of 5 slow ones.`);

  const told = (await lines.next()).value ?? "";
  const received = (await slow) + (await stopQuickClients());
  console.log(`The server: ${told}`);
  console.log(`The clients: ${received} replies.`);
  const lost = Number(/(\d+) requests/.exec(told)?.[1]) - received;
  console.log(lost === 0 ? "No request was lost." : `${lost} requests were lost.`);
  if (lost !== 0) process.exitCode = 1;
}

await run(() => taskGroup(measure, { name: "load" }));
