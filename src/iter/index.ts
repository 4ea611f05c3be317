/** The entry point `joinery/iter`: this list is the surface, and a test pins it. */

export { map, type MapContext, type MapOptions } from "./map.ts";
export { forEach, type ForEachOptions } from "./for-each.ts";
export { merge } from "./merge.ts";
export { buffer } from "./buffer.ts";
export { zip, type ZippedItems } from "./zip.ts";
export type { Iteration, IterationOptions } from "./iteration.ts";
export type { Source, SourceItem, WebStream, WebStreamReader } from "./source.ts";
