// What runs in Chromium, the inspector page and threads over Web Workers: npm run test:page
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";
import { runTool } from "./run-tool.mjs";

const root = join(import.meta.dirname, "..");
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
const env = { ...process.env, JOINERY_PAGE_TOOLS: installTools("page") };
const config = join("packages", "cli", "test", "page", "vitest.config.mjs");
process.exitCode = runTool("vitest", ["run", "--config", config, ...process.argv.slice(2)], env);
