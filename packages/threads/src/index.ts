/** The package `@joinery/threads`: children of a group in worker threads. */

export { threads } from "./threads.ts";
export type { ThreadsOptions } from "./options.ts";
