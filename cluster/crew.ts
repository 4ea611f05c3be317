/** The workers of a cluster: processes that share what they listen at, and end with this one. */

import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Address } from "./engine-kit.ts";

export interface CrewSettings {
  /** The module with the kit of the engine. */
  readonly kit: string;
  /** The module with the remote functions. */
  readonly functions: string;
  readonly address: Address;
  /** Milliseconds, for engines whose workers have one. */
  readonly lease: number | undefined;
  readonly env: Record<string, string>;
}

export class Crew {
  readonly #workers: Worker[] = [];
  readonly #env: Record<string, string>;

  constructor({ kit, functions, address, lease, env }: CrewSettings) {
    cluster.setupPrimary({
      exec: fileURLToPath(new URL("worker.js", import.meta.url)),
      execArgv: [],
      args: [kit, functions, JSON.stringify(address), ...(lease === undefined ? [] : [`${lease}`])],
    });
    this.#env = env;
  }

  get pids(): number[] {
    return this.#workers.map((worker) => worker.process.pid!);
  }

  /** Starts one more. Resolves when it can be reached. */
  async hire(): Promise<void> {
    const worker = cluster.fork(this.#env);
    this.#workers.push(worker);
    worker.once("exit", () => void this.#workers.splice(this.#workers.indexOf(worker), 1));
    await Promise.race([once(worker, "message"), endsEarly(worker)]);
  }

  /** Has a worker close, which may take what it runs `within` milliseconds. Resolves when it is gone. */
  async close(pid: number, within: number): Promise<void> {
    const worker = this.#workers.find((one) => one.process.pid === pid)!;
    const gone = once(worker, "exit");
    worker.send({ within });
    await gone;
  }

  /** Asks them to close, and waits until they are gone. One that has been stopped is killed. */
  async dismiss(): Promise<void> {
    await Promise.all(
      this.#workers.map(async (worker) => {
        const gone = once(worker, "exit");
        const patience = setTimeout(() => worker.process.kill("SIGKILL"), 5000);
        worker.process.kill("SIGTERM");
        await gone;
        clearTimeout(patience);
      }),
    );
  }
}

async function endsEarly(worker: Worker): Promise<never> {
  const [code, signal] = (await once(worker, "exit")) as [number | null, string | null];
  throw new Error(`A worker ended before it could be reached: ${signal ?? `exit code ${code}`}`);
}
