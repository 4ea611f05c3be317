// Installs and builds the workspace `bench`, and starts it. `npm run bench -- --help` tells the rest.
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { engineNames, prepareEngines } from "./engines.mjs";
import { installTools } from "./install-tools.mjs";
import { requireTool } from "./run-tool.mjs";

const root = join(import.meta.dirname, "..");
const folder = installTools(join("..", "bench"));

// A link and no dependency of the workspace: its lock file would have to follow that of the repository.
const self = join(folder, "node_modules", "joinery");
if (!existsSync(self)) symlinkSync(root, self, "junction");

requireTool("tsc", ["-b", "bench"]);

const { main } = await import("../bench/dist/main.js");
try {
  await main(process.argv.slice(2), {
    runtimes: () => installTools("runtimes"),
    packages(names) {
      const engines = engineNames().filter((name) => names.includes(name));
      if (names.length > 0) prepareEngines(engines, ["src", "cluster"]);
    },
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
