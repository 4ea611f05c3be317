import { turn } from "./repeat.ts";

declare const gc: (() => void) | undefined;
declare const Bun: { gc(full: true): void } | undefined;

/** Collects all garbage. */
export async function collect(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await turn();
    if (typeof Bun !== "undefined") Bun.gc(true);
    else if (typeof gc !== "undefined") gc();
    else throw new Error("Start it with --expose-gc.");
  }
}

/** The bytes on the heap. */
export function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}
