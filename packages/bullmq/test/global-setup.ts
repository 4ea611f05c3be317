/** One Redis for all tests. Those that end it have one of their own. */

import type { TestProject } from "vitest/node";
import { RedisServer } from "../cluster/redis-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    redis: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await RedisServer.start();
  project.provide("redis", server.url);
  return () => server.stop();
}
