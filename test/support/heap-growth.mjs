/** For programs that are started with --expose-gc. */

import { setImmediate as turn } from "node:timers/promises";

/** Does `work` twice, and tells by how many bytes the heap grew the second time: the first fills what is kept for good. */
export async function growth(count, work) {
  await work(count);
  const before = await heap();
  await work(count);
  return { growth: (await heap()) - before };
}

/** What is in use when all garbage is gone. */
export async function heap() {
  for (let i = 0; i < 4; i++) {
    await turn();
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}
