// Drives the inspector page in Chromium: npm run test:page
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";

const root = join(import.meta.dirname, "..");
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
const env = { ...process.env, JOINERY_PAGE_TOOLS: installTools("page") };
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const config = join("packages", "cli", "test", "page", "vitest.config.mjs");
const args = [vitest, "run", "--config", config, ...process.argv.slice(2)];
process.exitCode =
  spawnSync(process.execPath, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
