import type { ResourceLimits } from "node:worker_threads";

export interface ThreadsOptions {
  /** How many threads there are, and so how many calls run at once. Default: one for each core. */
  threads?: number;
  /** What the executor is called. Default: `threads`. */
  name?: string;
  /**
   * Milliseconds after a cancel until a thread whose function does not react is ended, and another one takes its
   * place. Default: 5000. `Infinity` waits for ever.
   */
  grace?: number;
  /** How much memory a thread may take: one that needs more is ended, and its call is lost. */
  resourceLimits?: ResourceLimits;
  /** The environment of the threads. Default: a copy of that of the process. */
  env?: Record<string, string>;
  /** Options of Node for the threads. Default: those of the process. */
  execArgv?: string[];
}
