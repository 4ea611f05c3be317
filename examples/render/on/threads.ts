/** In threads of this process. */

import { threads } from "@joinery/threads";
import type { Place } from "./place.ts";

export async function open(workers: number): Promise<Place> {
  const executor = threads(new URL("../frames.js", import.meta.url), { threads: workers });
  return { executor, processes: [], [Symbol.asyncDispose]: () => executor.close() };
}
