import type { RedisOptions } from "ioredis";

/** Where Redis is: a URL (`redis://127.0.0.1:6379`), or what ioredis takes. */
export type Connection = string | RedisOptions;

/** What caller and workers have to agree about. */
export interface QueueOptions {
  connection: Connection;
  /** The queue that the calls go through. Default: `joinery`. */
  queue?: string;
  /** What the keys in Redis begin with. Default: `bull`, as BullMQ has it. */
  prefix?: string;
}

export interface BullmqOptions extends QueueOptions {
  /** What the executor is called. Default: `bullmq`. */
  name?: string;
  /**
   * Milliseconds for which the workers go on without hearing from this process. Then they cancel its calls, and begin
   * none. Default: 10,000. From 500 to 300,000.
   */
  lease?: number;
}

export interface ServeOptions extends QueueOptions {
  /** What the worker is called, for people. Default: `<host>/<process id>`. */
  name?: string;
  /** How many calls it runs at once. Default: 1. */
  concurrency?: number;
  /**
   * Milliseconds for which the worker keeps its calls without being heard of. Then they are run elsewhere if they
   * are idempotent, and lost otherwise. A function that computes for longer without waiting loses them as well. Default:
   * 10,000. From 500 to 300,000.
   */
  lease?: number;
  /** Told what goes wrong between worker and server: a lost connection, a lost lock. Default: a process warning. */
  onError?: (error: Error) => void;
}

export type { CloseOptions } from "joinery/executor";
