/** What the cluster and the tests need to know of BullMQ. */

import { bullmq, serve } from "@joinery/bullmq";
import type { Address, EngineKit } from "../../../cluster/dist/engine-kit.js";
import { RedisServer } from "./redis-server.ts";

export const kit: EngineKit = {
  async startServer(folder) {
    const server = await RedisServer.start(folder);
    return {
      address: { connection: server.url },
      pid: server.pid,
      restart: () => server.restart(),
      stop: () => server.stop(),
    };
  },

  serve: (functions, address) =>
    serve(functions, { connection: connectionOf(address), concurrency: 8 }),

  open: (address, lease = 10_000) => bullmq({ connection: connectionOf(address), lease }),
};

function connectionOf({ connection }: Address): string {
  return connection as string;
}
