/** What `npm run cluster` has to know of BullMQ. */

import { bullmq, serve } from "@joinery/bullmq";
import type { Executor } from "joinery/executor";
import { RedisServer } from "./redis-server.ts";

interface Address {
  readonly connection: string;
}

export const kit = {
  async startServer(folder: string) {
    const server = await RedisServer.start(folder);
    const address: Address = { connection: server.url };
    return {
      address,
      pid: server.pid,
      restart: (): Promise<void> => server.restart(),
      stop: (): Promise<void> => server.stop(),
    };
  },

  serve: (functions: object, { connection }: Address): Promise<AsyncDisposable> =>
    serve(functions, { connection, concurrency: 8 }),

  open: ({ connection }: Address, lease?: number): Executor =>
    bullmq({ connection, ...(lease !== undefined && { lease }) }),
};
