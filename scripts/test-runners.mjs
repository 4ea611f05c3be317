// Tries joinery/testing in every test runner that it is made for. Installs those that are not there.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";
import { runTool } from "./run-tool.mjs";

const root = join(import.meta.dirname, "..");
installTools("runners");
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
process.exitCode = runTool("vitest", ["run", "test/testing/runners.test.ts"]);
