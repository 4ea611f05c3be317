/** A server of an engine, workers and a journal of what they do, for the tests of its package. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sleep } from "joinery";
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

export class TestBed {
  readonly #cluster: EngineCluster;

  private constructor(cluster: EngineCluster) {
    this.#cluster = cluster;
  }

  static async start(engine: string, workers = 3): Promise<TestBed> {
    const functions = pathToFileURL(join(import.meta.dirname, "functions.mjs")).href;
    const settings = { engine, workers, functions, tools: installTools };
    return new TestBed(await EngineCluster.start(settings));
  }

  get server(): EngineServer {
    return this.#cluster.server;
  }

  get crew(): Crew {
    return this.#cluster.crew;
  }

  /** Milliseconds, of callers and workers. */
  get lease(): number {
    return this.#cluster.lease;
  }

  open(): Executor {
    return this.#cluster.open();
  }

  /** What the journal says of a child. */
  entries(id: string): JournalEntry[] {
    const all = this.#cluster.journal().map((line) => JSON.parse(line) as JournalEntry);
    return all.filter((entry) => entry.id === id);
  }

  /** Waits until the journal says that an event of a child has happened so often. */
  async until(id: string, event: string, times = 1): Promise<void> {
    const happened = (): number => this.entries(id).filter((entry) => entry.event === event).length;
    while (happened() < times) await sleep(10);
  }

  harness(): ExecutorHarness {
    const { lease, grace } = this.#cluster;
    return {
      open: () => this.open(),
      journal: () => this.#cluster.journal(),
      lease: lease + grace,
      closeWorker: (worker, within) => this.closeWorker(worker, within),
      killWorker: (worker) => this.killWorker(worker),
      freezeWorker: async (worker) => {
        process.kill(pidOf(worker), "SIGSTOP");
        return async () => void process.kill(pidOf(worker), "SIGCONT");
      },
      startParent: async (id) => this.#cluster.startCaller(id),
      restartServer: () => this.server.restart(),
    };
  }

  /** Has it close, and resolves when another one is in its place. */
  async closeWorker(worker: string, within: number): Promise<void> {
    await this.crew.close(pidOf(worker), within);
    await this.crew.hire();
  }

  /** The same, without asking it. */
  async killWorker(worker: string): Promise<void> {
    process.kill(pidOf(worker), "SIGKILL");
    await this.crew.hire();
  }

  async stop(): Promise<void> {
    await this.#cluster.stop();
  }
}

/** Workers are called `host/pid`. */
function pidOf(worker: string): number {
  return Number(worker.split("/").at(-1));
}
