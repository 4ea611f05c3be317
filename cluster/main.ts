/** `npm run cluster`: a server, workers, a program, and its tree across all of them. */

import { formatException, isCancelled, run, type TaskGroup, taskGroup } from "joinery";
import { clusterArguments, type ClusterArguments, help } from "./arguments.ts";
import { renderFilm } from "./demo.ts";
import { EngineCluster } from "./engine-cluster.ts";
import { showTree } from "./show-tree.ts";

type Tools = (name: string) => string;

/** `engines` are those that there are; `tools` installs a folder of `tools/`. */
export async function main(
  args: string[],
  engines: readonly string[],
  tools: Tools,
): Promise<void> {
  const settings = clusterArguments(args, engines);
  if (settings === undefined) return console.log(help);
  await run(() => taskGroup((group) => inCluster(group, settings, tools), { name: "cluster" }));
}

/** Whatever becomes of the program: the hook of the group ends what was started. */
async function inCluster(
  group: TaskGroup,
  settings: ClusterArguments,
  tools: Tools,
): Promise<void> {
  const { engine, workers } = settings;
  const functions = new URL("demo.js", import.meta.url).href;
  const cluster = await EngineCluster.start({ engine, workers, functions, tools });
  group.defer(() => cluster.stop());
  console.log(`${engine}: server ${cluster.server.pid}`);
  console.log(`workers: ${cluster.crew.pids.join(", ")}`);
  await showProgram(cluster, settings);
}

async function showProgram(
  cluster: EngineCluster,
  { frames, workers, fail }: ClusterArguments,
): Promise<void> {
  await using executor = cluster.open();
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
