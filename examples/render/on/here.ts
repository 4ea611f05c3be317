/** In this process. */

import { inProcess } from "joinery/executor";
import * as frames from "../frames.ts";
import type { Place } from "./place.ts";

export async function open(): Promise<Place> {
  const executor = inProcess(frames);
  return { executor, processes: [], [Symbol.asyncDispose]: () => executor.close() };
}
