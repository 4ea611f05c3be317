/** Threads of Node, Bun and Deno, by piscina. */

import type { WireError } from "joinery/executor";
import { Piscina, queueOptionsSymbol } from "piscina";
import { Cells } from "./cells.ts";
import type { ThreadsOptions } from "./options.ts";
import { type Answer, type Assignment, type Order, type Pool, ThreadsDoNotStart } from "./pool.ts";

type Settings = Pick<ThreadsOptions, "resourceLimits" | "env" | "execArgv">;

/** What piscina is given to do: the assignment, with the order beside it, which is not copied to the thread. */
type Task = Assignment & { [queueOptionsSymbol]?: Order };

/** What a thread has to know before its first call. */
export interface ThreadSetup {
  /** The modules with the remote functions, by URL. */
  readonly modules: readonly string[];
  readonly memory: SharedArrayBuffer;
}

/**
 * For each thread: one that runs, and enough that wait for it in piscina already. It takes the answers of many threads in one
 * turn, and hands each its next call before anybody here hears of them: threads would wait if it ran out of calls.
 */
const ordersOfThread = 32;

export function ordersFor(threads: number): number {
  return ordersOfThread * threads;
}

export class PiscinaPool implements Pool {
  readonly #piscina: Piscina<Task, Answer>;
  readonly #cells: Cells;
  #failure: ThreadsDoNotStart | undefined;

  constructor(threads: number, modules: readonly string[], settings: Settings) {
    this.#cells = new Cells(ordersFor(threads));
    const setup: ThreadSetup = { modules, memory: this.#cells.memory };
    this.#piscina = new Piscina({
      filename: new URL("piscina-thread.js", import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: Infinity,
      recordTiming: false,
      stricterFIFO: true,
      loadBalancer(task, workers) {
        const free = workers.find((worker) => worker.currentUsage === 0);
        if (free) (task[queueOptionsSymbol] as Order).assign(free.id);
        return free ?? null;
      },
      workerData: setup,
      ...settings,
    });
    this.#piscina.on("error", this.#strayError.bind(this));
  }

  run(order: Order): void {
    this.#cells.clear(order.slot);
    this.#post(order).then(
      (answer) => order.done(answer),
      (error: Error) => order.failed(this.#failure ?? error, this.#lastWords(order)),
    );
  }

  #post(order: Order): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const task: Task = order.assignment;
    task[queueOptionsSymbol] = order;
    const { transfer } = order;
    if (transfer.length === 0) return this.#piscina.run(task);
    return this.#piscina.run(task, { transferList: transfer as never });
  }

  cancel({ slot }: Order, why: WireError): void {
    this.#cells.cancel(slot, why);
  }

  terminate({ thread }: Order): void {
    const worker = this.#piscina.threads.find(({ threadId }) => threadId === thread);
    void worker?.terminate();
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }

  #lastWords({ slot, thread }: Order): WireError | undefined {
    return thread === undefined ? undefined : this.#cells.lastWords(slot, thread);
  }

  /** An error of a thread that has no call. If no thread is left, none could be started, and piscina starts no more. */
  #strayError(error: Error): void {
    if (this.#piscina.threads.length > 0) throw error;
    this.#failure = new ThreadsDoNotStart(error);
    void this.#piscina.destroy();
  }
}
