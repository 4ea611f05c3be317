/** The package `@joinery/opentelemetry`: spans and metrics of tasks and groups. */

export { instrument } from "./instrument.ts";
export type { InstrumentOptions } from "./options.ts";
