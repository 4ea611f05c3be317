/** A server of an engine, three workers and a journal of what they do, for the tests of its package. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Executor } from "joinery/executor";
import type { ExecutorHarness } from "joinery/testing";
import type { Crew } from "../../cluster/dist/crew.js";
import { EngineCluster } from "../../cluster/dist/engine-cluster.js";
import type { EngineServer } from "../../cluster/dist/engine-kit.js";
import { installTools } from "../../scripts/install-tools.mjs";

/** A line of the journal. */
interface JournalEntry {
  readonly event: string;
  readonly id: string;
  readonly attempt: number;
}

/** Milliseconds. Long enough for a server that starts again, and for a frozen worker to be noticed. */
const lease = 8000;

/** After the lease: for the cleanup of the children. */
const grace = 1000;

const here = (file: string): string => join(import.meta.dirname, file);

export class TestBed {
  readonly #cluster: EngineCluster;
  readonly #parents = new Set<ChildProcess>();

  private constructor(cluster: EngineCluster) {
    this.#cluster = cluster;
  }

  static async start(engine: string): Promise<TestBed> {
    const functions = pathToFileURL(here("functions.mjs")).href;
    const settings = { engine, workers: 3, functions, tools: installTools };
    return new TestBed(await EngineCluster.start(settings));
  }

  get server(): EngineServer {
    return this.#cluster.server;
  }

  get crew(): Crew {
    return this.#cluster.crew;
  }

  open(): Executor {
    return this.#cluster.open(lease);
  }

  /** What the journal says of a child. */
  entries(id: string): JournalEntry[] {
    const all = this.#cluster.journal().map((line) => JSON.parse(line) as JournalEntry);
    return all.filter((entry) => entry.id === id);
  }

  harness(): ExecutorHarness {
    return {
      open: () => this.open(),
      journal: () => this.#cluster.journal(),
      lease: lease + grace,
      killWorker: (worker) => this.#killWorker(worker),
      freezeWorker: async (worker) => {
        process.kill(pidOf(worker), "SIGSTOP");
        return async () => void process.kill(pidOf(worker), "SIGCONT");
      },
      startParent: (id) => this.#startParent(id),
      restartServer: () => this.server.restart(),
    };
  }

  async #killWorker(worker: string): Promise<void> {
    process.kill(pidOf(worker), "SIGKILL");
    await this.crew.hire();
  }

  async #startParent(id: string): Promise<() => Promise<void>> {
    const address = JSON.stringify(this.server.address);
    const args = [this.#cluster.kitModule, address, String(lease), id];
    const parent = spawn(process.execPath, [here("parent.mjs"), ...args], { stdio: "inherit" });
    this.#parents.add(parent);
    return async () => {
      const gone = once(parent, "exit");
      parent.kill("SIGKILL");
      await gone;
      this.#parents.delete(parent);
    };
  }

  async stop(): Promise<void> {
    for (const parent of this.#parents) parent.kill("SIGKILL");
    await this.#cluster.stop();
  }
}

/** Workers are called `host/pid`. */
function pidOf(worker: string): number {
  return Number(worker.split("/").at(-1));
}
