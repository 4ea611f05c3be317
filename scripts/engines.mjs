// The packages with an engine: those with a lock file of their own, because `npm ci` does not install what they stand on.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";
import { requireTool } from "./run-tool.mjs";

const folders = join(import.meta.dirname, "..", "packages");

export function engineNames() {
  return readdirSync(folders).filter((name) =>
    existsSync(join(folders, name, "package-lock.json")),
  );
}

/** Installs and builds the engines, with the projects that are named in each of them. */
export function prepareEngines(names, projects) {
  for (const name of names) installTools(join("..", "packages", name));
  const paths = names.flatMap((name) => projects.map((project) => join("packages", name, project)));
  requireTool("tsc", ["-b", "src", "packages", "cluster", ...paths]);
}
