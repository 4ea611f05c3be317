/** The runtimes, and how each starts the fresh process. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { WorkName } from "./assignment.ts";

export interface Runtime {
  /** What `--runtimes` takes. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly program: string;
  /** What comes before the assignment. */
  args(work: WorkName): readonly string[];
}

const here = import.meta.dirname;
const child = join(here, "child.js");
// Not compiled: it stays with the sources.
const cpythonChild = join(here, "..", "subjects", "cpython.py");

/** The versions of Node that `tools/runtimes` brings, and the one that runs this. */
const majors = [20, 24, 26];

const bunPackages: Record<string, string> = {
  x64: "@oven/bun-linux-x64-baseline",
  arm64: "@oven/bun-linux-aarch64",
};

export const runtimeNames: readonly string[] = [
  "node",
  ...majors.map((major) => `node${major}`),
  "bun",
  "deno",
  "cpython",
];

/** The chosen runtimes, without those that this machine does not have: these are told to `missing`. */
export function findRuntimes(
  names: readonly string[],
  tools: () => string,
  missing: (name: string) => void,
): Runtime[] {
  const found: Runtime[] = [];
  for (const name of names) {
    const program = find(name, tools);
    const version = program && versionOf(program);
    if (version && !(name === "cpython" && isOld(version)))
      found.push(runtime(name, program, version));
    else missing(name);
  }
  return found;
}

function find(name: string, tools: () => string): string | undefined {
  if (name === "node") return process.execPath;
  if (name === "cpython") return "python3";
  const { arch } = process;
  const packaged: Record<string, string> = {
    bun: join(bunPackages[arch] ?? "", "bin", "bun"),
    deno: join(`@deno/linux-${arch}-glibc`, "deno"),
  };
  const path = packaged[name] ?? join(`${name}-${arch}`, "bin", "node");
  const program = join(tools(), "node_modules", path);
  return existsSync(program) ? program : undefined;
}

function versionOf(program: string): string | undefined {
  try {
    const text = execFileSync(program, ["--version"], { encoding: "utf8", stdio: "pipe" });
    return /\d+\.\d+\.\d+/.exec(text)?.[0];
  } catch {
    return undefined; // there is none
  }
}

/** Whether it is too old for TaskGroup. */
function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 3 || (major === 3 && minor < 11);
}

function runtime(name: string, program: string, version: string): Runtime {
  const base = { name, version, program };
  const major = version.split(".")[0];
  switch (name) {
    case "bun":
      return { ...base, title: "Bun", args: () => [child] };
    case "deno":
      return { ...base, title: "Deno", args: denoArgs };
    case "cpython":
      return { ...base, title: "CPython", args: () => [cpythonChild] };
    default:
      return { ...base, title: `Node ${major}`, args: nodeArgs };
  }
}

const weighing: readonly WorkName[] = ["blocked", "sleeping", "allocated"];

/** No flag that changes how the time is spent. */
function nodeArgs(work: WorkName): string[] {
  const flags = weighing.includes(work) ? ["--expose-gc"] : [];
  if (work === "allocated") flags.push("--min-semi-space-size=256", "--max-semi-space-size=256");
  return [...flags, child];
}

function denoArgs(work: WorkName): string[] {
  const flags = weighing.includes(work) ? ["--v8-flags=--expose-gc"] : [];
  return ["run", "--allow-all", ...flags, child];
}

/** Which column of the targets is a runtime's: the newer or the older Node, or none. */
export function era({ title }: Pick<Runtime, "title">): "newer" | "older" | undefined {
  const major = /^Node (\d+)$/.exec(title)?.[1];
  if (major === undefined) return undefined;
  return Number(major) >= 24 ? "newer" : "older";
}
