/** A server of Restate for one machine, out of the package with its program. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EngineServer } from "../../../cluster/dist/engine-kit.js";

/** What the workers and the callers have to know. */
export interface RestateAddress extends Record<string, number> {
  readonly ingress: number;
  readonly admin: number;
  /** Where the workers listen. */
  readonly workers: number;
}

export class RestateServer implements EngineServer {
  readonly address: RestateAddress;
  readonly #program: string;
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(program: string, folder: string, ports: number[]) {
    const [ingress = 0, admin = 0, workers = 0, own = 0] = ports;
    this.#program = program;
    this.#folder = folder;
    this.address = { ingress, admin, workers };
    this.#port = own;
  }

  static async start(program: string, folder: string): Promise<RestateServer> {
    const server = new RestateServer(program, folder, await freePorts(4));
    await server.#start();
    return server;
  }

  get pid(): number {
    return this.#process!.pid!;
  }

  async #start(): Promise<void> {
    const log = openSync(join(this.#folder, "server.log"), "a");
    this.#process = spawn(this.#program, ["--base-dir", this.#folder], {
      env: { ...process.env, ...this.#settings() },
      stdio: ["ignore", log, log],
      detached: true, // Ctrl-C is for those that use it
    });
    await this.#ready();
  }

  #settings(): Record<string, string> {
    const { ingress, admin } = this.address;
    return {
      RESTATE_NODE_NAME: "joinery",
      RESTATE_CLUSTER_NAME: "joinery",
      RESTATE_AUTO_PROVISION: "true",
      RESTATE_DISABLE_TELEMETRY: "true",
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_ADDRESS: `127.0.0.1:${this.#port}`,
      RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${this.#port}`,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: "256MB",
      // A worker that is frozen, or a machine that is gone, is noticed after three seconds.
      RESTATE_WORKER__INVOKER__HTTP2_KEEP_ALIVE_INTERVAL: "1s",
      RESTATE_WORKER__INVOKER__HTTP2_KEEP_ALIVE_TIMEOUT: "2s",
    };
  }

  async #ready(): Promise<void> {
    const { ingress, admin } = this.address;
    for (const url of [
      `http://127.0.0.1:${admin}/health`,
      `http://127.0.0.1:${ingress}/restate/health`,
    ])
      while (!(await answers(url))) {
        if (this.#process!.exitCode !== null)
          throw new Error(`The server of Restate ended: see ${join(this.#folder, "server.log")}`);
        await pause(50);
      }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process!.exitCode !== null || this.#process!.signalCode !== null) return;
    const gone = once(this.#process!, "exit");
    this.#process!.kill(signal);
    await gone;
  }

  async restart(): Promise<void> {
    await this.#end("SIGKILL");
    await this.#start();
  }

  /** It takes its time to end in order, and nobody needs its data any more. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
