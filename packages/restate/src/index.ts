/** The package `@joinery/restate`: children of a group on other machines, over Restate. */

export { restate } from "./restate.ts";
export { type RestateWorker, serve } from "./serve.ts";
export type { CloseOptions, RestateOptions, ServeOptions } from "./options.ts";
