import type { WireError } from "joinery/executor";
import { Cells } from "./cells.ts";
import { type Order, type Pool, ThreadsDoNotStart } from "./pool.ts";
import { WorkerHandle } from "./worker-handle.ts";

/** Web Workers, one in each slot that has been used. */
export class WebPool implements Pool {
  readonly #start: () => Worker;
  readonly #modules: readonly string[];
  /** Only where the page is cross-origin isolated: elsewhere there is no shared memory. */
  readonly #cells: Cells | undefined;
  /** By slot. */
  readonly #handles = new Map<number, WorkerHandle>();
  #started = 0;

  constructor(threads: number, modules: readonly string[], start: () => Worker) {
    this.#start = start;
    this.#modules = modules;
    this.#cells = globalThis.crossOriginIsolated ? new Cells(threads) : undefined;
  }

  run(order: Order): void {
    this.#cells?.clear(order.slot);
    try {
      const handle = this.#handles.get(order.slot) ?? this.#open(order.slot);
      order.assign(handle.id);
      handle.run(order);
    } catch (error) {
      queueMicrotask(() => order.failed(new ThreadsDoNotStart(error as Error)));
    }
  }

  #open(slot: number): WorkerHandle {
    const id = ++this.#started;
    const setup = {
      id,
      modules: this.#modules,
      memory: this.#cells?.memory,
      lock: `joinery.threads ${Date.now()} ${Math.random()} ${id}`,
    };
    const handle = new WorkerHandle(this.#start(), setup, () => this.#handles.delete(slot));
    this.#handles.set(slot, handle);
    return handle;
  }

  /** A loop sees it in the shared memory; everything else is woken by the message. */
  cancel({ slot }: Order, why: WireError): void {
    this.#cells?.cancel(slot, why);
    this.#handles.get(slot)?.cancel(why);
  }

  terminate({ slot }: Order): void {
    this.#handles.get(slot)?.terminate();
  }

  async close(): Promise<void> {
    for (const handle of this.#handles.values()) handle.close();
  }
}
