import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./suite.mjs";
import { testInPages } from "./pages.mjs";

/** Where the package `name` of `tools/runtimes` put its program for this machine. */
function program(tools, name, path) {
  const file = join(tools, "node_modules", name, path);
  if (existsSync(file)) return file;
  throw new Error(`${name} has no program for this machine: it takes Linux on x64 or arm64.`);
}

function node(major) {
  const of = (tools) => program(tools, `node${major}-${process.arch}`, join("bin", "node"));
  return { name: `node ${major}`, test: async (tools) => run(`node ${major}`, [of(tools)]) };
}

const bunPackages = { x64: "@oven/bun-linux-x64-baseline", arm64: "@oven/bun-linux-aarch64" };

/** In the order in which they run. `test` resolves with a report: see `test/runtimes/report.ts`. */
export const runtimes = [
  ...[20, 22, 24, 26].map(node),
  {
    name: "bun",
    test: async (tools) =>
      run("bun", [program(tools, bunPackages[process.arch], join("bin", "bun")), "--bun"]),
  },
  {
    name: "deno",
    test: async (tools) =>
      run("deno", [program(tools, `@deno/linux-${process.arch}-glibc`, "deno"), "run", "-A"]),
  },
  { name: "chromium", test: testInPages },
];
