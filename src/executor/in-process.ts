import { expectOptions } from "../core/arguments.ts";
import type { CallMessage, Engine, Outcome, Place, RemoteChild } from "./engine.ts";
import { createExecutor, type Executor } from "./executor.ts";
import type { WireError } from "./wire.ts";
import { createWorker, type RemoteWorker } from "./worker.ts";

export interface InProcessOptions {
  /** What the executor is called. Default: `in process`. */
  name?: string;
}

/**
 * An executor that runs everything here, for tests, for development, and where one core is enough.
 *
 * Input, result and errors go through the wire format, to text and back: what would be lost on the way to another
 * machine is lost here as well. `functions` is a module, or any object, with the remote functions.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if there is no remote function in `functions`, or two have one name.
 *
 * *Cancellation*: see {@link Executor.call}. Code that computes without waiting is not interrupted.
 *
 * @example
 * ```ts
 * import { all } from "joinery";
 * import { inProcess, remote } from "joinery/executor";
 *
 * const square = remote("square", (n: number) => n * n);
 * await using executor = inProcess({ square });
 * console.log(await all([1, 2, 3].map((n) => () => executor.call(square, n)))); // [ 1, 4, 9 ]
 * ```
 *
 * Idea: the in-memory servers of Temporal and Restate, without a server.
 */
export function inProcess(functions: object, options: InProcessOptions = {}): Executor {
  expectOptions(options);
  const { name = "in process" } = options;
  const worker = createWorker(functions, { name: "this process" });
  return createExecutor(new InProcessEngine(name, worker));
}

class InProcessEngine implements Engine {
  readonly name: string;
  readonly #worker: RemoteWorker;

  constructor(name: string, worker: RemoteWorker) {
    this.name = name;
    this.#worker = worker;
  }

  spawn(
    message: CallMessage,
    began: (place: Place) => void,
    transfer: readonly object[],
  ): RemoteChild {
    const child = this.#worker.spawn(throughText(message));
    // What is moved is gone here, as it would be with threads.
    if (transfer.length > 0) structuredClone(null, { transfer });
    began({ worker: this.#worker.name, attempt: 1 });
    return {
      ended: child.ended.then(throughText<Outcome>),
      cancel: (why) => child.cancel(throughText<WireError>(why)),
    };
  }

  async close(): Promise<void> {}
}

function throughText<T>(json: T): T {
  return JSON.parse(JSON.stringify(json)) as T;
}
