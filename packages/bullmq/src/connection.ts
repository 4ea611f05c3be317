import { Redis, type RedisOptions } from "ioredis";
import type { Connection } from "./options.ts";

/** No command is given up: it is sent when the server is there, and sent again if it went down meanwhile. */
const patient: RedisOptions = {
  maxRetriesPerRequest: null,
  retryStrategy: (attempt) => Math.min(attempt * 50, 1000),
};

export function connect(connection: Connection, onError: (error: Error) => void): Redis {
  const redis =
    typeof connection === "string"
      ? new Redis(connection, patient)
      : new Redis({ ...patient, ...connection, maxRetriesPerRequest: null });
  return redis.on("error", onError);
}
