/** Worker processes that were started along. They could be anywhere. */

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface Crew {
  /** The ids of the processes. */
  readonly processes: readonly number[];
  /** Asks them to end, and waits until they are gone. */
  dismiss(): Promise<void>;
}

/** Resolves when all of them have said that they are ready. */
export async function crewOf(workers: readonly ChildProcess[]): Promise<Crew> {
  const gone = workers.map(
    (worker) => new Promise<void>((over) => void worker.once("exit", () => over())),
  );
  const dismiss = async (): Promise<void> => {
    for (const worker of workers) worker.kill("SIGTERM");
    await Promise.all(gone);
  };
  try {
    await Promise.all(workers.map(ready));
  } catch (error) {
    await dismiss();
    throw error;
  }
  return { processes: workers.map(({ pid }) => pid!), dismiss };
}

async function ready(worker: ChildProcess): Promise<void> {
  const [said] = (await Promise.race([once(worker, "message"), once(worker, "exit")])) as unknown[];
  if (said !== "ready") throw new Error("A worker ended before it was ready.");
}
