// Recordings in Perfetto's own trace processor: npm run test:perfetto
import { installTools } from "./install-tools.mjs";
import { runTool } from "./run-tool.mjs";

installTools("perfetto");
process.exitCode = runTool("vitest", ["run", "packages/cli/test/perfetto"]);
