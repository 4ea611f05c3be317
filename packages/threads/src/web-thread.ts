/** The side of the worker. */

import { encodeError } from "joinery/executor";
import { Cells } from "./cells.ts";
import type { Answer, Assignment } from "./pool.ts";
import { Thread } from "./thread.ts";
import { type FromWorker, setupKey, type ToWorker, type WebSetup } from "./web-messages.ts";

/**
 * Makes the worker that calls it a thread of an executor: `functions` is a module, or any object, with the remote functions
 * that it serves. For the script of a worker that a bundler has to see:
 * `threads(() => new Worker(new URL("./frames.worker.js", import.meta.url), { type: "module" }))`.
 *
 * What is not right about `functions` is an error of the calls.
 *
 * *Cancellation*: not subject to it.
 *
 * @example
 * ```ts no-run
 * // frames.worker.js
 * import { serve } from "@joinery/threads/web";
 * import * as frames from "./frames.js";
 *
 * serve(frames);
 * ```
 *
 * Idea: Comlink's `expose`.
 */
export function serve(functions: object): void {
  startThread(async () => functions);
}

/** Waits for the page to say who this worker is, and does what it is told from then on. */
export function startThread(load: (setup: WebSetup) => Promise<object>): void {
  addEventListener("message", ({ data, ports: [port] }: MessageEvent<unknown>) => {
    const setup = (data as { [setupKey]?: WebSetup } | null)?.[setupKey];
    if (setup && port) void new WebThread(setup, port, () => load(setup)).begin();
  });
}

class WebThread {
  readonly #lock: string;
  readonly #port: MessagePort;
  readonly #thread: Thread;

  constructor({ id, memory, lock }: WebSetup, port: MessagePort, load: () => Promise<object>) {
    this.#lock = lock;
    this.#port = port;
    this.#thread = new Thread({ id, load, cells: memory && new Cells(memory) });
  }

  async begin(): Promise<void> {
    addEventListener("error", (event) => this.#die(event, event.error));
    addEventListener("unhandledrejection", (event) => this.#die(event, event.reason));
    this.#port.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
      if (data[0] === "cancel") this.#thread.wake(data[1]);
      else void this.#run(data[1]);
    });
    this.#port.start();
    this.#post(["ready", await holdUntilTheEnd(this.#lock)]);
  }

  async #run(assignment: Assignment): Promise<void> {
    const answer = await this.#thread.run(assignment);
    try {
      this.#post(["answer", answer], this.#thread.moved);
    } catch (error) {
      this.#answer({ status: "error", error: encodeError(error) }); // it cannot be cloned
    }
  }

  #answer(answer: Answer): void {
    this.#post(["answer", answer]);
  }

  /** As on servers, an error that nobody catches ends the thread: the page does it, when it hears of it. */
  #die(event: Event, error: unknown): void {
    event.preventDefault();
    this.#post(["died", encodeError(error)]);
  }

  #post(message: FromWorker, transfer: readonly object[] = []): void {
    this.#port.postMessage(message, transfer as Transferable[]);
  }
}

/** A lock is let go when its worker ends, however it does. Resolves with whether there are locks. */
function holdUntilTheEnd(name: string): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) return Promise.resolve(false);
  return new Promise((held) => {
    void locks.request(name, () => {
      held(true);
      return new Promise(() => {});
    });
  });
}
