// Installs, builds, lints and tests the packages with an engine, against their servers. The last line is `N passed, N failed`.
//   npm run test:engines                  all of them
//   npm run test:engines -- restate       one of them
import { join } from "node:path";
import { engineNames, prepareEngines } from "./engines.mjs";
import { requireTool } from "./run-tool.mjs";

const chosen = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : engineNames();
const folders = names.map((name) => join("packages", name));

try {
  prepareEngines(names, ["src", "cluster", "test"]);
  requireTool("oxlint", ["--type-aware", "--deny-warnings", ...folders]);
  requireTool("vitest", ["run", "--config", "vitest.engines.config.ts", ...folders]);
} catch (error) {
  // What was run has said what is wrong.
  console.error(`The engines cannot be tested, or their tests failed: ${error.message}`);
  process.exitCode = 1;
}
