/** A caller's view of several processes: workers that can be killed, frozen and replaced, and parents. */

import { type ChildProcess, fork, type ForkOptions } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BullmqOptions, ServeOptions } from "@joinery/bullmq";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`./fixtures/${name}.mjs`, import.meta.url));

/** The processes have their own flags: those of the test runner are none of their business. */
const quiet: ForkOptions = { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] };

export class Cluster {
  readonly options: BullmqOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "joinery-bullmq-"));
  readonly #workers = new Map<string, ChildProcess>();
  readonly #parents = new Set<ChildProcess>();
  #count = 0;

  constructor(options: BullmqOptions) {
    this.options = options;
    writeFileSync(this.#journal, "");
  }

  get #journal(): string {
    return join(this.#folder, "journal");
  }

  get journal(): string[] {
    return readFileSync(this.#journal, "utf8").split("\n").slice(0, -1);
  }

  /** Starts a worker process, and waits until it is there. Resolves with its name. */
  async startWorker(options: Partial<ServeOptions> = {}): Promise<string> {
    const name = `worker ${++this.#count}`;
    const all = { ...this.options, concurrency: 10, ...options, name, journal: this.#journal };
    const worker = fork(fixture("worker"), [JSON.stringify(all)], quiet);
    this.#workers.set(name, worker);
    await once(worker, "message");
    return name;
  }

  async killWorker(name: string): Promise<void> {
    await kill(this.#workers.get(name)!);
    this.#workers.delete(name);
  }

  /** Asks a worker to end, and resolves with its exit code. */
  async endWorker(name: string): Promise<number | null> {
    const worker = this.#workers.get(name)!;
    const gone = once(worker, "exit");
    worker.kill("SIGTERM");
    this.#workers.delete(name);
    return ((await gone) as [number | null])[0];
  }

  /** Stops a worker as `kill -STOP` does; what it returns lets it go on. */
  freezeWorker(name: string): () => Promise<void> {
    const worker = this.#workers.get(name)!;
    worker.kill("SIGSTOP");
    return async () => void worker.kill("SIGCONT");
  }

  /** Starts a process that keeps 50 calls under way; what it returns kills it. */
  startParent(id: string): () => Promise<void> {
    const parent = fork(fixture("parent"), [JSON.stringify({ ...this.options, id })], quiet);
    this.#parents.add(parent);
    return () => kill(parent);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#workers.values(), ...this.#parents].map(kill));
    rmSync(this.#folder, { recursive: true });
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
