// The tools that are installed with the repository.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

const root = join(import.meta.dirname, "..");

const programs = {
  oxlint: "oxlint/bin/oxlint",
  tsc: "typescript/bin/tsc",
  vitest: "vitest/vitest.mjs",
};

/** The program of a tool, for Node. */
export function toolProgram(name) {
  return join(root, "node_modules", programs[name]);
}

/** Runs a tool in the root of the repository, and shows what it says. Returns its exit code. */
export function runTool(name, args, env = process.env) {
  const options = { cwd: root, env, stdio: "inherit" };
  return spawnSync(process.execPath, [toolProgram(name), ...args], options).status ?? 1;
}

/** The same for what has to succeed before anything else makes sense. */
export function requireTool(name, args) {
  const code = runTool(name, args);
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}: see above.`);
}
