/** Where and with what the figures were found. */

import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

export interface Setting {
  readonly date: string;
  readonly machine: string;
  /** The processes that ran or waited for a core, on average: at the beginning, and at the end. */
  readonly load: readonly [number, number];
  readonly versions: Readonly<Record<string, string>>;
}

export function load(): number {
  return Number(loadavg()[0]?.toFixed(1));
}

/** That of a run which is over. */
export function setting(root: string, loadBefore: number): Setting {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    load: [loadBefore, load()],
    versions: versions(root),
  };
}

function machine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${gigabytes} GB, ${process.platform}`;
}

/** Of joinery, and of the peers as the workspace pins them. */
function versions(root: string): Record<string, string> {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
  const { version } = read("package.json") as { version: string };
  const { dependencies } = read("bench/package.json") as { dependencies: Record<string, string> };
  const drawing = ["@observablehq/plot", "linkedom"];
  const peers = Object.entries(dependencies).filter(([name]) => !drawing.includes(name));
  return { joinery: version, ...Object.fromEntries(peers) };
}
