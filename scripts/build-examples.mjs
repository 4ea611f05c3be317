import { join } from "node:path";
import { installTools } from "./install-tools.mjs";
import { requireTool } from "./run-tool.mjs";

/** Installs what the programs in `examples` use, and builds them. Returns the folder of the programs that were built. */
export function buildExamples() {
  const folder = installTools(join("..", "examples"));
  requireTool("tsc", ["-b", folder]);
  return join(folder, "dist");
}
