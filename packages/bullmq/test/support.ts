import {
  bullmq,
  type BullmqOptions,
  type BullmqWorker,
  serve,
  type ServeOptions,
} from "@joinery/bullmq";
import { Redis } from "ioredis";
import { sleep } from "joinery";
import type { Executor } from "joinery/executor";
import { afterAll, beforeAll } from "vitest";
import { RedisServer } from "../cluster/redis-server.ts";

let queues = 0;
let server: RedisServer;

/** Starts a Redis for the tests of this file. What it returns says where. */
export function useRedis(): () => string {
  beforeAll(async () => void (server = await RedisServer.start()), 60_000);
  afterAll(() => server.stop());
  return () => server.url;
}

/** Caller and workers on a queue of their own, in this process. */
export interface Pair extends AsyncDisposable {
  readonly executor: Executor;
  readonly workers: readonly BullmqWorker[];
  readonly options: { readonly connection: string; readonly queue: string };
}

export interface PairOptions {
  workers?: number;
  caller?: Partial<BullmqOptions>;
  worker?: Partial<ServeOptions>;
}

/** Opens an executor, and workers that serve `functions`. What goes wrong between them and Redis goes to nobody. */
export async function open(functions: object, options: PairOptions = {}): Promise<Pair> {
  const { workers: count = 1, caller, worker } = options;
  const place = { connection: server.url, queue: `test-${process.pid}-${++queues}` };
  const executor = bullmq({ ...place, ...caller });
  const workers: BullmqWorker[] = [];
  for (let n = 1; n <= count; n++)
    workers.push(
      await serve(functions, { ...place, name: `worker ${n}`, onError: () => {}, ...worker }),
    );
  return {
    executor,
    workers,
    options: place,
    async [Symbol.asyncDispose]() {
      await executor.close();
      for (const one of workers) await one.close();
    },
  };
}

/** The keys of a queue. */
export async function keysOf({ connection, queue }: Pair["options"]): Promise<string[]> {
  const redis = new Redis(connection);
  const keys = await redis.keys(`bull:${queue}:*`);
  redis.disconnect();
  return keys.map((key) => key.slice(`bull:${queue}:`.length)).toSorted();
}

/** Waits for what another process, or Redis, is about to do. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5);
}
