/** A Redis of one's own: on a free port, with its data in a folder of its own. For the cluster, the tests and the benchmarks. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { EngineServer } from "../../../cluster/dist/engine-kit.js";

/** What joinery asks of a Redis: that it throws nothing out, and has on disk what it has confirmed. */
const settings = {
  bind: "127.0.0.1",
  "maxmemory-policy": "noeviction",
  appendonly: "yes",
  appendfsync: "always",
  save: "",
  loglevel: "warning",
};

export type RedisSettings = Partial<typeof settings>;

export class RedisServer implements EngineServer {
  readonly #folder: string;
  readonly #isTemporary: boolean;
  readonly #port: number;
  readonly #settings: RedisSettings;
  #process: ChildProcess | undefined;

  private constructor(folder: string | undefined, port: number, others: RedisSettings) {
    this.#folder = folder ?? mkdtempSync(join(tmpdir(), "joinery-redis-"));
    this.#isTemporary = folder === undefined;
    this.#port = port;
    this.#settings = { ...settings, ...others };
  }

  /** Starts one, with its data in `folder`, or in one that it removes. Debian's is installed if there is none. */
  static async start(folder?: string, others: RedisSettings = {}): Promise<RedisServer> {
    install();
    const server = new RedisServer(folder, await freePort(), others);
    await server.#launch();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  get address(): { connection: string } {
    return { connection: this.url };
  }

  get pid(): number {
    return this.#process!.pid!;
  }

  /** Ends it as `kill -9` does, and starts it again, with what it had stored. */
  async restart(): Promise<void> {
    await this.#kill();
    await this.#launch();
  }

  /** The same, but with nothing stored. */
  async restartEmpty(): Promise<void> {
    await this.#kill();
    rmSync(this.#folder, { recursive: true });
    mkdirSync(this.#folder);
    await this.#launch();
  }

  async stop(): Promise<void> {
    await this.#kill();
    if (this.#isTemporary) rmSync(this.#folder, { recursive: true });
  }

  async #launch(): Promise<void> {
    const options = { ...this.#settings, port: String(this.#port), dir: this.#folder };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    // Ctrl-C is for the program that uses it.
    const server = spawn("redis-server", args, { stdio: "ignore", detached: true });
    this.#process = server;
    process.once("exit", this.#end);
    while (!(await answers(this.#port))) {
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  readonly #end = (): void => void this.#process?.kill("SIGKILL");

  async #kill(): Promise<void> {
    const gone = once(this.#process!, "exit");
    this.#end();
    await gone;
    process.off("exit", this.#end);
  }
}

function install(): void {
  if (spawnSync("redis-server", ["--version"]).status === 0) return;
  if (process.getuid?.() !== 0)
    throw new Error("There is no redis-server: install it (apt-get install redis-server).");
  // At this runlevel nothing is started that was installed.
  const env = { ...process.env, RUNLEVEL: "1", DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]): unknown =>
    execFileSync("apt-get", ["-qq", ...args], { env, stdio: "ignore" });
  const wanted = ["install", "-y", "--no-install-recommends", "redis-server"];
  try {
    apt(...wanted);
  } catch {
    apt("update");
    apt(...wanted);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Whether it is there, and has loaded what it had stored. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    return String(answer).startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
