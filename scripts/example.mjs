// Starts one of the programs in `examples`, and before the first time installs what they use.
//   npm run example crawler
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildExamples } from "./build-examples.mjs";

const programs = {
  crawler: "crawler/main.js",
  import: "import/main.js",
  server: "server/main.js",
  load: "server/load.js",
};

const [name, ...args] = process.argv.slice(2);
const program = programs[name];
if (program === undefined) {
  console.error(`Expected one of ${Object.keys(programs).join(", ")}, got ${name ?? "nothing"}.`);
  process.exitCode = 1;
} else {
  const path = join(buildExamples(), program);
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path));
}
