// The packages with an engine: those with a lock file of their own, because `npm ci` does not install what they stand on.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";

const root = join(import.meta.dirname, "..");
const folders = join(root, "packages");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

export function engineNames() {
  return readdirSync(folders).filter((name) =>
    existsSync(join(folders, name, "package-lock.json")),
  );
}

/** Installs and builds the engines, with the projects that are named in each of them. */
export function prepareEngines(names, projects) {
  for (const name of names) installTools(join("..", "packages", name));
  const paths = names.flatMap((name) => projects.map((project) => join("packages", name, project)));
  run(tsc, ["-b", "src", "packages", "cluster", ...paths]);
}

/** Runs a program of Node in the root of the repository, and shows what it says. */
export function run(program, args) {
  execFileSync(process.execPath, [program, ...args], { cwd: root, stdio: "inherit" });
}
