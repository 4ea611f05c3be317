// Finds files, exports and dependencies that nobody uses.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";

const knip = join(installTools("package"), "node_modules", "knip", "bin", "knip.js");
const root = join(import.meta.dirname, "..");
process.exitCode = spawnSync(process.execPath, [knip], { cwd: root, stdio: "inherit" }).status ?? 1;
