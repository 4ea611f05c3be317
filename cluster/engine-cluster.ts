/** A server of an engine and its workers, with their data in a folder of its own. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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
}

export class EngineCluster {
  /** The module with the kit of the engine, as a URL. */
  readonly kitModule: string;
  readonly #kit: EngineKit;
  readonly #folder: string;
  readonly #journal: string;
  #server: EngineServer | undefined;
  #crew: Crew | undefined;

  private constructor(engine: string, kitModule: string, kit: EngineKit) {
    this.kitModule = kitModule;
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
    const cluster = new EngineCluster(engine, module, kit);
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
    const crew = (this.#crew = new Crew({ kit: this.kitModule, functions, address, env }));
    for (let n = 0; n < workers; n++) await crew.hire();
    await this.#kit.introduce?.(address);
  }

  get server(): EngineServer {
    return this.#server!;
  }

  get crew(): Crew {
    return this.#crew!;
  }

  /** An executor over the workers. `lease` is in milliseconds. */
  open(lease?: number): Executor {
    return this.#kit.open(this.server.address, lease);
  }

  /** What the functions have written. */
  journal(): string[] {
    return readFileSync(this.#journal, "utf8").split("\n").slice(0, -1);
  }

  /** Ends the workers, then the server. */
  async stop(): Promise<void> {
    await this.#crew?.dismiss();
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
