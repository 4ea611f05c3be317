// Builds the programs in `examples`, checks the types of their tests, and runs these.
//   npm run test:examples [FILE]
import { buildExamples } from "./build-examples.mjs";
import { requireTool, runTool } from "./run-tool.mjs";

buildExamples();
requireTool("tsc", ["-b", "examples/test"]);
const args = ["run", "--config", "examples/vitest.config.ts", ...process.argv.slice(2)];
process.exitCode = runTool("vitest", args);
