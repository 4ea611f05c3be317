// Starts a server of an engine, worker processes, and the example `render` over them; shows its tree, and ends them all.
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { placesWithServer, prepareRender, runWithServers } from "./render-example.mjs";

const help = `npm run cluster -- --engine restate --workers 3

Starts a server of the engine, worker processes, and the example \`render\` over them; shows its tree while it runs, and
ends them all when it is over. Ctrl-C cancels the film, and ends them too. A worker that you kill has its frames
rendered by the others.

  --engine NAME   ${placesWithServer.join(" or ")}
  --workers N     how many worker processes (default: 3)
  --frames N      how many frames the film has (default: 30)
  --width N       of a frame, in pixels (default: 960)
  --fail          one of the frames is poisoned
  --out FOLDER    where the pictures go (default: frames)
`;

const options = {
  engine: { type: "string" },
  workers: { type: "string", default: "3" },
  frames: { type: "string", default: "30" },
  width: { type: "string", default: "960" },
  fail: { type: "boolean", default: false },
  out: { type: "string", default: "frames" },
  help: { type: "boolean", default: false },
};

try {
  process.exitCode = await main(parseArgs({ options }).values);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function main({ engine, fail, help: isHelp, ...rest }) {
  if (isHelp) return void console.log(help);
  if (!placesWithServer.includes(engine))
    throw new Error(
      `--engine takes ${placesWithServer.join(" or ")}, and not ${engine ?? "nothing"}.`,
    );
  const values = Object.entries(rest).flatMap(([name, value]) => [`--${name}`, value]);
  const program = join(prepareRender([engine]), "dist", "main.js");
  const args = ["--on", engine, "--tree", ...values, ...(fail ? ["--fail"] : [])];
  return await runWithServers([engine], [program, ...args]);
}
