/** `npm run cluster`: a server, workers, a program, and its tree across all of them. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatException, isCancelled, run, type TaskGroup, taskGroup } from "joinery";
import { clusterArguments, type ClusterArguments, help } from "./arguments.ts";
import { Crew } from "./crew.ts";
import { renderFilm } from "./demo.ts";
import type { EngineKit } from "./engine-kit.ts";
import { kitModule } from "./find-engine.ts";
import { showTree } from "./show-tree.ts";

type Tools = (name: string) => string;

export async function main(args: string[], tools: Tools): Promise<void> {
  const settings = clusterArguments(args);
  if (settings === undefined) return console.log(help);
  await run(() => taskGroup((group) => inCluster(group, settings, tools), { name: "cluster" }));
}

/** Whatever becomes of the program: the hooks of the group end what was started, the last first. */
async function inCluster(
  group: TaskGroup,
  settings: ClusterArguments,
  tools: Tools,
): Promise<void> {
  const module = kitModule(settings.engine);
  const { kit } = (await import(module)) as { kit: EngineKit };
  const folder = mkdtempSync(join(tmpdir(), `joinery-cluster-`));
  group.defer(() => rmSync(folder, { recursive: true }));

  const server = await kit.startServer(folder, tools);
  group.defer(() => server.stop());
  console.log(`${settings.engine}: server ${server.pid}`);

  const crew = new Crew({
    kit: module,
    functions: new URL("demo.js", import.meta.url).href,
    address: server.address,
  });
  group.defer(() => crew.dismiss());
  for (let n = 0; n < settings.workers; n++) await crew.hire();
  await kit.introduce?.(server.address);
  console.log(`workers: ${crew.pids.join(", ")}`);

  await showProgram(kit, server.address, settings);
}

async function showProgram(
  kit: EngineKit,
  address: Parameters<EngineKit["open"]>[0],
  { frames, workers, fail }: ClusterArguments,
): Promise<void> {
  await using executor = kit.open(address);
  let done = 0;
  const stop = showTree(() => `${done} of ${frames} frames`);
  try {
    await renderFilm(executor, {
      frames,
      concurrency: workers * 2,
      fail,
      progress: (count) => void (done = count),
    });
    console.log(`All ${frames} frames are there.`);
  } catch (error) {
    if (isCancelled(error)) console.log(`Cancelled after ${done} of ${frames} frames.`);
    else console.log(`${formatException(error)}\nFailed after ${done} of ${frames} frames.`);
    if (isCancelled(error)) throw error;
    process.exitCode = 1;
  } finally {
    stop();
    console.log(`${executor.calls.length} calls are under way.`);
  }
}
