// Builds the programs in `examples`, checks the types of their tests, and runs these.
//   npm run test:examples [FILE]
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildExamples } from "./build-examples.mjs";

buildExamples();
const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules");
const tsc = join(bin, "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "-b", "examples/test"], { cwd: root, stdio: "inherit" });

const vitest = join(bin, "vitest", "vitest.mjs");
const args = [vitest, "run", "--config", "examples/vitest.config.ts", ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
