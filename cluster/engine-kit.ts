import type { Executor } from "joinery/executor";

/**
 * What the cluster and the tests need to know of an engine. A package `packages/<name>` that has a lock file of its own is one; its
 * project `cluster` exports this as `kit`, from `cluster/dist/index.js`.
 */
export interface EngineKit {
  /** The shortest lease for which tests on a busy machine can rely on the engine, in milliseconds. */
  readonly lease: number;
  /** How long after it the calls have cleaned up, if that takes some milliseconds. */
  readonly grace: number;
  /** Starts a server with its data in `folder`. `tools` installs a folder of `tools/`, and returns where that is. */
  startServer(folder: string, tools: (name: string) => string): Promise<EngineServer>;
  /** Makes the process it is called in a worker. Engines whose workers have a lease use that. */
  serve(functions: object, address: Address, lease?: number): Promise<EngineWorker>;
  /** Called when the workers can be reached. */
  introduce?(address: Address): Promise<void>;
  /** An executor over the workers. `lease` is in milliseconds. */
  open(address: Address, lease?: number): Executor;
}

export interface EngineWorker {
  close(options?: { within: number }): Promise<void>;
}

/** Where the server is, as plain JSON: it goes to the workers. */
export type Address = Readonly<Record<string, string | number>>;

/** A server that runs in a process of its own. */
export interface EngineServer {
  readonly address: Address;
  readonly pid: number;
  /** Ends it as `kill -9` does, and starts it again with the same data and at the same address. */
  restart(): Promise<void>;
  /** Ends it, and resolves when it is gone. */
  stop(): Promise<void>;
}
