// Installs, builds, lints and tests the packages with an engine, against their servers. The last line is `N passed, N failed`.
//   npm run test:engines                  all of them
//   npm run test:engines -- restate       one of them
import { join } from "node:path";
import { engineNames, prepareEngines, run } from "./engines.mjs";

const modules = join(import.meta.dirname, "..", "node_modules");
const chosen = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : engineNames();
const folders = names.map((name) => join("packages", name));

try {
  prepareEngines(names, ["src", "cluster", "test"]);
  run(join(modules, "oxlint", "bin", "oxlint"), ["--type-aware", "--deny-warnings", ...folders]);
  const tests = ["run", "--config", "vitest.engines.config.ts", ...folders];
  run(join(modules, "vitest", "vitest.mjs"), tests);
} catch (error) {
  // What was run has said what is wrong.
  console.error(`The engines cannot be tested, or their tests failed: ${error.message}`);
  process.exitCode = 1;
}
