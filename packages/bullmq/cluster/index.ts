/** What the cluster and the tests need to know of BullMQ. */

import { bullmq, serve } from "@joinery/bullmq";
import type { Address, EngineKit } from "../../../cluster/dist/engine-kit.js";
import { RedisServer } from "./redis-server.ts";

export const kit: EngineKit = {
  lease: 1500,
  // A worker sees up to 200 ms later that a lease is over.
  grace: 700,

  startServer: (folder) => RedisServer.start(folder),

  serve: (functions, address, lease = 10_000) =>
    serve(functions, {
      connection: connectionOf(address),
      concurrency: 8,
      lease,
      onError: () => {}, // what goes wrong is part of the tests
    }),

  open: (address, lease = 10_000) => bullmq({ connection: connectionOf(address), lease }),
};

function connectionOf({ connection }: Address): string {
  return connection as string;
}
