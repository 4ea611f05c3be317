// Tries joinery/testing in every test runner that it is made for. Installs those that are not there.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { installTools } from "./install-tools.mjs";

const root = join(import.meta.dirname, "..");
installTools("runners");
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const args = [vitest, "run", "test/testing/runners.test.ts"];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
