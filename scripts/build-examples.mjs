import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";

/** Installs what the programs in `examples` use, and builds them. Returns the folder of the programs that were built. */
export function buildExamples() {
  const root = join(import.meta.dirname, "..");
  const folder = installTools(join("..", "examples"));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-b", folder], { cwd: root, stdio: "inherit" });
  return join(folder, "dist");
}
