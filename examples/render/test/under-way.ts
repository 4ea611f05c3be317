/** What the engines know of calls that are not over, whoever has made them. */

import { createRequire } from "node:module";

const { Queue } = createRequire(new URL("../../../packages/bullmq/package.json", import.meta.url))(
  "bullmq",
) as typeof import("../../../packages/bullmq/node_modules/bullmq");

const none = async (): Promise<number> => 0;

/** By place. */
export const underWay: Record<string, () => Promise<number>> = {
  here: none,
  threads: none,

  async bullmq() {
    const queue = new Queue("render", { connection: { url: process.env["REDIS_URL"]! } });
    const counts = await queue.getJobCounts();
    await queue.close();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  },

  async restate() {
    const query = `SELECT id FROM sys_invocation WHERE target_service_name = 'joinery' AND status != 'completed'`;
    const answer = await fetch(`${process.env["RESTATE_ADMIN"]}/query`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ query }),
    });
    return ((await answer.json()) as { rows: unknown[] }).rows.length;
  },
};
