/** The package `@joinery/restate`: children of a group on other machines, over Restate. */

import "./with-resolvers.ts";

export { restate } from "./restate.ts";
export { type RestateWorker, serve } from "./serve.ts";
export type { RestateOptions, ServeOptions } from "./options.ts";
