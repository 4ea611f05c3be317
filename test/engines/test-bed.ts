/** A server of an engine, three workers and a journal of what they do, for the tests of its package. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Executor } from "joinery/executor";
import type { ExecutorHarness } from "joinery/testing";
import { Crew } from "../../cluster/dist/crew.js";
import type { EngineKit, EngineServer } from "../../cluster/dist/engine-kit.js";
import { kitModule } from "../../cluster/dist/find-engine.js";
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
  readonly #kit: EngineKit;
  readonly #module: string;
  readonly #server: EngineServer;
  readonly #crew: Crew;
  readonly #folder: string;
  readonly #journal: string;
  readonly #parents = new Set<ChildProcess>();

  private constructor(kit: EngineKit, module: string, server: EngineServer, folder: string) {
    this.#kit = kit;
    this.#module = module;
    this.#server = server;
    this.#folder = folder;
    this.#journal = join(folder, "journal");
    writeFileSync(this.#journal, "");
    this.#crew = new Crew({
      kit: module,
      functions: here("functions.mjs"),
      address: server.address,
      env: { JOURNAL: this.#journal },
    });
  }

  static async start(engine: string): Promise<TestBed> {
    const module = kitModule(engine);
    const { kit } = (await import(module)) as { kit: EngineKit };
    const folder = mkdtempSync(join(tmpdir(), `joinery-${engine}-`));
    const server = await kit.startServer(folder, installTools);
    const bed = new TestBed(kit, module, server, folder);
    for (let n = 0; n < 3; n++) await bed.#crew.hire();
    await kit.introduce?.(server.address);
    return bed;
  }

  get server(): EngineServer {
    return this.#server;
  }

  get crew(): Crew {
    return this.#crew;
  }

  open(): Executor {
    return this.#kit.open(this.#server.address, lease);
  }

  /** What the journal says of a child. */
  entries(id: string): JournalEntry[] {
    const all = this.#lines().map((line) => JSON.parse(line) as JournalEntry);
    return all.filter((entry) => entry.id === id);
  }

  #lines(): string[] {
    return readFileSync(this.#journal, "utf8").split("\n").slice(0, -1);
  }

  harness(): ExecutorHarness {
    return {
      open: () => this.open(),
      journal: () => this.#lines(),
      lease: lease + grace,
      killWorker: (worker) => this.#killWorker(worker),
      freezeWorker: async (worker) => {
        process.kill(pidOf(worker), "SIGSTOP");
        return async () => void process.kill(pidOf(worker), "SIGCONT");
      },
      startParent: (id) => this.#startParent(id),
      restartServer: () => this.#server.restart(),
    };
  }

  async #killWorker(worker: string): Promise<void> {
    process.kill(pidOf(worker), "SIGKILL");
    await this.#crew.hire();
  }

  async #startParent(id: string): Promise<() => Promise<void>> {
    const args = [this.#module, JSON.stringify(this.#server.address), String(lease), id];
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
    await this.#crew.dismiss();
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Workers are called `host/pid`. */
function pidOf(worker: string): number {
  return Number(worker.split("/").at(-1));
}
