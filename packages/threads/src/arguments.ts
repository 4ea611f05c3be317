/** Checks at the door, in the words of joinery. */

import type { PoolOptions } from "./pool-options.ts";

function bad(parameter: string, expected: string, value: unknown, code: string): TypeError {
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  const message = `Expected \`${parameter}\` to be ${expected}, got ${got}.`;
  return Object.assign(new TypeError(message), { code });
}

/** The modules as the threads import them. */
export function checkModules(modules: URL | readonly URL[]): string[] {
  const urls = [modules].flat();
  for (const url of urls) {
    if (url instanceof URL) continue;
    const expected = 'URLs of modules: new URL("./frames.js", import.meta.url)';
    throw bad("modules", expected, url, "JOINERY_INVALID_ARGUMENT");
  }
  if (urls.length === 0)
    throw bad("modules", "one module at least", "none", "JOINERY_INVALID_ARGUMENT");
  return urls.map(({ href }) => href);
}

/** The options that all kinds of threads have, with their defaults. */
export function checkOptions(
  options: PoolOptions,
  cores: number,
): { name: string; threads: number; grace: number } {
  if (typeof options !== "object" || options === null)
    throw bad("options", "an object like { threads: 4 }", options, "JOINERY_INVALID_ARGUMENT");
  const { name = "threads", threads = cores, grace = 5000 } = options;
  if (typeof name !== "string") throw bad("name", "a string", name, "JOINERY_INVALID_ARGUMENT");
  if (!Number.isInteger(threads) || threads < 1)
    throw bad("threads", "a whole number from 1", threads, "JOINERY_INVALID_CONCURRENCY");
  if (typeof grace !== "number" || Number.isNaN(grace)) {
    const expected = "a number of milliseconds (Infinity for a time that never comes)";
    throw bad("grace", expected, grace, "JOINERY_INVALID_TIME");
  }
  return { name, threads, grace };
}
