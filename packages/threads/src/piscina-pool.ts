/** Threads of Node, Bun and Deno, by piscina. */

import type { Outcome } from "joinery/executor";
import { Piscina } from "piscina";
import type { ThreadsOptions } from "./options.ts";
import { type Assignment, type Pool, type ThreadSetup, ThreadsDoNotStart } from "./pool.ts";

type Settings = Pick<ThreadsOptions, "resourceLimits" | "env" | "execArgv">;

export class PiscinaPool implements Pool {
  readonly #piscina: Piscina<Assignment, Outcome>;
  #failed: ThreadsDoNotStart | undefined;

  constructor(threads: number, setup: ThreadSetup, settings: Settings) {
    this.#piscina = new Piscina({
      filename: new URL("piscina-thread.js", import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: Infinity,
      recordTiming: false,
      workerData: setup,
      ...settings,
    });
    this.#piscina.on("error", (error: Error) => this.#strayError(error));
  }

  async run(assignment: Assignment, transfer: readonly object[]): Promise<Outcome> {
    if (this.#failed) throw this.#failed;
    try {
      return await this.#piscina.run(assignment, { transferList: transfer as never });
    } catch (error) {
      throw this.#failed ?? error;
    }
  }

  terminate(thread: number): void {
    const worker = this.#piscina.threads.find(({ threadId }) => threadId === thread);
    void worker?.terminate();
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }

  /** An error of a thread that has no call. If no thread is left, none could be started, and piscina starts no more. */
  #strayError(error: Error): void {
    if (this.#piscina.threads.length > 0) return void Promise.reject(error);
    this.#failed = new ThreadsDoNotStart(error);
    void this.#piscina.destroy();
  }
}
