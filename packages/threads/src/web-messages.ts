/** What goes between a page and its workers. */

import type { WireError } from "joinery/executor";
import type { Answer, Assignment } from "./pool.ts";

/** The first message to a worker is an object with this key; it brings the port for all others. */
export const setupKey = "joinery.threads";

export interface WebSetup {
  readonly id: number;
  /** The modules with the remote functions, by URL; none if the worker brings them along. */
  readonly modules: readonly string[];
  /** For cancels that a loop is to see; only where pages may share memory. */
  readonly memory: SharedArrayBuffer | undefined;
  /** What the worker holds until it ends, in whatever way. */
  readonly lock: string;
}

export type ToWorker = ["run", Assignment] | ["cancel", WireError];

export type FromWorker =
  | ["ready", holdsLock: boolean]
  | ["answer", Answer]
  /** An error that nobody caught. */
  | ["died", WireError];
