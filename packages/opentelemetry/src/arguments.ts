/** Checks at the door, in the words of joinery. */

import type { InstrumentOptions } from "./options.ts";

function bad(parameter: string, expected: string, value: unknown): TypeError {
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  const message = `Expected \`${parameter}\` to be ${expected}, got ${got}.`;
  return Object.assign(new TypeError(message), { code: "JOINERY_INVALID_ARGUMENT" });
}

export function checkOptions(options: InstrumentOptions): void {
  if (typeof options !== "object" || options === null)
    throw bad("options", "an object like { metrics: false }", options);
  const { spanName, metricAttributes, metrics, tracerProvider, meterProvider } = options;
  checkFunction("spanName", spanName);
  checkFunction("metricAttributes", metricAttributes);
  if (metrics !== undefined && typeof metrics !== "boolean")
    throw bad("metrics", "a boolean", metrics);
  checkProvider("tracerProvider", "getTracer", tracerProvider);
  checkProvider("meterProvider", "getMeter", meterProvider);
}

function checkFunction(parameter: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") throw bad(parameter, "a function", value);
}

function checkProvider(parameter: string, method: string, value: unknown): void {
  if (value === undefined) return;
  const { [method]: found } = Object(value) as Record<string, unknown>;
  if (typeof found !== "function") throw bad(parameter, `an object with ${method}()`, value);
}
