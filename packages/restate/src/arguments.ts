/** Checks at the door, in the words of joinery. */

import type { CommonOptions, RestateOptions, ServeOptions } from "./options.ts";

function bad(parameter: string, expected: string, value: unknown, code: string): TypeError {
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  const message = `Expected \`${parameter}\` to be ${expected}, got ${got}.`;
  return Object.assign(new TypeError(message), { code });
}

function invalid(parameter: string, expected: string, value: unknown): TypeError {
  return bad(parameter, expected, value, "JOINERY_INVALID_ARGUMENT");
}

interface Common {
  readonly ingress: string;
  readonly service: string;
}

function checkCommon(options: CommonOptions): Common {
  if (typeof options !== "object" || options === null)
    throw invalid("options", 'an object like { ingress: "http://localhost:8080" }', options);
  const { ingress = "http://localhost:8080", service = "joinery" } = options;
  if (!URL.canParse(String(ingress)))
    throw invalid("ingress", "a URL like http://localhost:8080", ingress);
  if (typeof service !== "string" || !/^[a-z][a-z0-9._-]*$/i.test(service))
    throw invalid("service", "a name of letters, digits and . _ -", service);
  return { ingress: String(ingress).replace(/\/$/, ""), service };
}

const leastLease = 1000;
const mostLease = 300_000;

export interface RestateSettings extends Common {
  readonly name: string;
  readonly lease: number;
}

export function checkRestateOptions(options: RestateOptions): RestateSettings {
  const common = checkCommon(options);
  const { name = "restate", lease = 10_000 } = options;
  if (typeof name !== "string") throw invalid("name", "a string", name);
  if (typeof lease !== "number" || !(lease >= leastLease && lease <= mostLease)) {
    const expected = `milliseconds from ${leastLease} to ${mostLease}`;
    throw bad("lease", expected, lease, "JOINERY_INVALID_TIME");
  }
  return { ...common, name, lease };
}

export interface ServeSettings extends Common {
  readonly name: string | undefined;
  readonly port: number;
}

const mostPort = 65_535;

export function checkServeOptions(options: ServeOptions): ServeSettings {
  const common = checkCommon(options);
  const { name, port = 9080 } = options;
  if (name !== undefined && typeof name !== "string") throw invalid("name", "a string", name);
  if (!Number.isInteger(port) || port < 0 || port > mostPort)
    throw invalid("port", `a whole number from 0 to ${mostPort}`, port);
  return { ...common, name, port };
}
