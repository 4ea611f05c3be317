import { decodeError, type WireError } from "joinery/executor";
import { type Order, ThreadsDoNotStart } from "./pool.ts";
import { type FromWorker, setupKey, type ToWorker, type WebSetup } from "./web-messages.ts";

/** A worker, seen from its page. */
export class WorkerHandle {
  readonly id: number;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  /** To be called when it has ended. */
  readonly #gone: () => void;
  /** Stops waiting for its lock. */
  readonly #watch = new AbortController();
  #order: Order | undefined;
  #ready = false;
  #isWatched = false;
  #isGone = false;

  constructor(worker: Worker, setup: WebSetup, gone: () => void) {
    this.id = setup.id;
    this.#worker = worker;
    this.#gone = gone;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.addEventListener("message", ({ data }: MessageEvent<FromWorker>) =>
      this.#hear(data, setup.lock),
    );
    port1.start();
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const error = new Error(event.message ?? "the script of the worker cannot be loaded");
      this.#end(this.#ready ? error : new ThreadsDoNotStart(error));
    });
    worker.postMessage({ [setupKey]: setup }, [port2]);
  }

  run(order: Order): void {
    this.#order = order;
    try {
      this.#post(["run", order.assignment], order.transfer);
    } catch (error) {
      this.#order = undefined;
      queueMicrotask(() => order.failed(error as Error)); // it cannot be cloned
    }
  }

  cancel(why: WireError): void {
    this.#post(["cancel", why]);
  }

  /** Ends it by force. Its order fails when it is gone, or at once where nobody can tell. */
  terminate(): void {
    this.#worker.terminate();
    if (!this.#isWatched) this.#end(new Error("it was terminated"));
  }

  /** Ends it, while it has nothing to do. */
  close(): void {
    this.#leave();
  }

  #post(message: ToWorker, transfer: readonly object[] = []): void {
    this.#port.postMessage(message, transfer as Transferable[]);
  }

  #hear(message: FromWorker, lock: string): void {
    if (message[0] === "ready") {
      this.#ready = true;
      if (message[1]) this.#waitForTheEnd(lock);
    } else if (message[0] === "answer") {
      const order = this.#order!;
      this.#order = undefined;
      order.done(message[1]);
    } else {
      const hadOrder = this.#order !== undefined;
      this.#end(new Error(message[1].message), message[1]);
      if (!hadOrder) reportError(decodeError(message[1]));
    }
  }

  /** By `close()`, by the browser, for lack of memory: whatever it is, the lock of the worker becomes free. */
  #waitForTheEnd(lock: string): void {
    this.#isWatched = true;
    const { signal } = this.#watch;
    navigator.locks
      .request(lock, { signal }, () => this.#end(new Error("the worker ended")))
      .catch(() => {}); // it was closed from here
  }

  #end(error: Error, lastWords?: WireError): void {
    if (this.#isGone) return;
    this.#leave();
    const order = this.#order;
    this.#order = undefined;
    order?.failed(error, lastWords);
  }

  #leave(): void {
    this.#isGone = true;
    this.#worker.terminate();
    this.#port.close();
    this.#watch.abort();
    this.#gone();
  }
}
