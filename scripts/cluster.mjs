// Starts a server of an engine, workers and a program, shows the tree, and ends them all. `npm run cluster -- --help` tells the rest.
import { engineNames, prepareEngines } from "./engines.mjs";
import { installTools } from "./install-tools.mjs";

const engines = engineNames();
prepareEngines(engines, ["src", "cluster"]);
const { main } = await import("../cluster/dist/main.js");
try {
  await main(process.argv.slice(2), engines, installTools);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
