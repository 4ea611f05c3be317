/** Threads of Node, Bun and Deno, by piscina. */

import type { Outcome } from "joinery/executor";
import { Piscina } from "piscina";
import type { ThreadsOptions } from "./options.ts";
import { type Order, type Pool, ThreadsDoNotStart, type ThreadSetup } from "./pool.ts";
import { orderOf, type PiscinaTask, taskFor, WaitingLine } from "./waiting-line.ts";

type Settings = Pick<ThreadsOptions, "resourceLimits" | "env" | "execArgv">;

export class PiscinaPool implements Pool {
  readonly #piscina: Piscina<PiscinaTask, Outcome>;
  readonly #line = new WaitingLine();
  #failure: ThreadsDoNotStart | undefined;

  constructor(threads: number, setup: ThreadSetup, settings: Settings) {
    this.#piscina = new Piscina({
      filename: new URL("piscina-thread.js", import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: Infinity,
      recordTiming: false,
      taskQueue: this.#line,
      stricterFIFO: true,
      loadBalancer(task, workers) {
        const free = workers.find((worker) => worker.currentUsage === 0);
        if (free) orderOf(task).assign(free.id);
        return free ?? null;
      },
      workerData: setup,
      ...settings,
    });
    this.#piscina.on("error", this.#strayError.bind(this));
  }

  get threads(): number[] {
    return this.#piscina.threads.map(({ threadId }) => threadId);
  }

  get failure(): ThreadsDoNotStart | undefined {
    return this.#failure;
  }

  run(order: Order): Promise<Outcome> {
    if (this.#failure) return Promise.reject(this.#failure);
    return this.#piscina.run(taskFor(order), { transferList: order.transfer as never });
  }

  withdraw(order: Order): boolean {
    return this.#line.withdraw(order);
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
    if (this.#piscina.threads.length > 0) throw error;
    this.#failure = new ThreadsDoNotStart(error);
    void this.#piscina.destroy();
  }
}
