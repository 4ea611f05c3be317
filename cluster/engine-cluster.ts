/** A server of an engine and its workers, with their data in a folder of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Executor } from "joinery/executor";
import { Crew } from "./crew.ts";
import type { EngineKit, EngineServer } from "./engine-kit.ts";

const packages = join(import.meta.dirname, "..", "..", "packages");

export interface ClusterSettings {
  /** The package with the engine. */
  readonly engine: string;
  readonly workers: number;
  /** The module with the remote functions, as a URL. They may write into the file that `JOURNAL` names in their environment. */
  readonly functions: string;
  /** Installs a folder of `tools/`, and returns where that is. */
  readonly tools: (name: string) => string;
  /** Milliseconds, for callers and workers. Default: that of the kit, which is short. */
  readonly lease?: number;
}

export class EngineCluster {
  readonly lease: number;
  /** The module with the kit of the engine, as a URL. */
  readonly #kitModule: string;
  readonly #kit: EngineKit;
  readonly #folder: string;
  readonly #journal: string;
  readonly #callers = new Set<ChildProcess>();
  #server: EngineServer | undefined;
  #crew: Crew | undefined;

  private constructor({ engine, lease }: ClusterSettings, kitModule: string, kit: EngineKit) {
    this.lease = lease ?? kit.lease;
    this.#kitModule = kitModule;
    this.#kit = kit;
    this.#folder = mkdtempSync(join(tmpdir(), `joinery-${engine}-`));
    this.#journal = join(this.#folder, "journal");
    writeFileSync(this.#journal, "");
  }

  /** Resolves when the workers can be called. */
  static async start(settings: ClusterSettings): Promise<EngineCluster> {
    const { engine } = settings;
    const module = pathToFileURL(join(packages, engine, "cluster", "dist", "index.js")).href;
    const { kit } = (await import(module)) as { kit: EngineKit };
    const cluster = new EngineCluster(settings, module, kit);
    try {
      await cluster.#start(settings);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #start({ workers, functions, tools }: ClusterSettings): Promise<void> {
    const server = (this.#server = await this.#kit.startServer(this.#folder, tools));
    const { address } = server;
    const env = { JOURNAL: this.#journal };
    const { lease } = this;
    const crew = (this.#crew = new Crew({
      kit: this.#kitModule,
      functions,
      address,
      lease,
      env,
    }));
    for (let n = 0; n < workers; n++) await crew.hire();
    await this.#kit.introduce?.(address);
  }

  get server(): EngineServer {
    return this.#server!;
  }

  get crew(): Crew {
    return this.#crew!;
  }

  /** After the lease: for the cleanup of the children. */
  get grace(): number {
    return this.#kit.grace;
  }

  /** An executor over the workers. */
  open(): Executor {
    return this.#kit.open(this.server.address, this.lease);
  }

  /** Starts a process that keeps children busy, which are called after `id`. Returns what kills it. */
  startCaller(id: string): () => Promise<void> {
    const program = fileURLToPath(new URL("caller.js", import.meta.url));
    const address = JSON.stringify(this.server.address);
    const args = [program, this.#kitModule, address, String(this.lease), id];
    const caller = spawn(process.execPath, args, { stdio: "inherit" });
    this.#callers.add(caller);
    return async () => {
      const gone = once(caller, "exit");
      caller.kill("SIGKILL");
      await gone;
      this.#callers.delete(caller);
    };
  }

  /** What the functions have written. */
  journal(): string[] {
    return readFileSync(this.#journal, "utf8").split("\n").slice(0, -1);
  }

  /** Ends the callers and workers, then the server. */
  async stop(): Promise<void> {
    for (const caller of this.#callers) caller.kill("SIGKILL");
    await this.#crew?.dismiss();
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
