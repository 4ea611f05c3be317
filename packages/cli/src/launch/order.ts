/** What a program that joinery starts is asked to do besides its own work. */

import type { FeedOptions } from "../attach/in-target.ts";

/** The variable that says it. It is taken away before the program begins, so that nobody inherits it. */
export const orderVariable = "JOINERY_CLI_ORDER";

export type Order = Modules & Duty;

/** To tell what goes on, to write it into a file, or only to remember it for whoever looks later. */
export type Duty =
  | { readonly feed: FeedOptions }
  | { readonly record: string }
  | { readonly remember: true };

/** The modules that the program will load itself, as URLs. */
export interface Modules {
  readonly core: string;
  readonly observe: string;
}
