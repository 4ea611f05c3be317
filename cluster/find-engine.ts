import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const packages = join(import.meta.dirname, "..", "..", "packages");

/** The packages with an engine: those with dependencies that are not installed with the repository. */
export function engineNames(): string[] {
  return readdirSync(packages).filter((name) =>
    existsSync(join(packages, name, "package-lock.json")),
  );
}

/** The module with the kit of an engine, as a URL. */
export function kitModule(engine: string): string {
  return pathToFileURL(join(packages, engine, "cluster", "dist", "index.js")).href;
}
