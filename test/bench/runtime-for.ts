import type { Runtime } from "../../bench/runtimes.ts";

/** A runtime that nothing starts. */
export function runtimeFor(title: string): Runtime {
  const name = title.toLowerCase().replace(" ", "");
  return { name, title, version: "1.2.3", program: "none", args: () => [] };
}
