import type { ResourceLimits } from "node:worker_threads";
import type { PoolOptions } from "./pool-options.ts";

export interface ThreadsOptions extends PoolOptions {
  /** How much memory a thread may take: one that needs more is ended, and its call is lost. */
  resourceLimits?: ResourceLimits;
  /** The environment of the threads. Default: a copy of that of the process. */
  env?: Record<string, string>;
  /** Options of Node for the threads. Default: those of the process. */
  execArgv?: string[];
}
