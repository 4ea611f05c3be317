// Prepares the example `render`, and starts it: `npm run render -- --on threads`. With `--test`, its tests instead.
// For BullMQ and Restate it starts a server of its own, unless REDIS_URL or RESTATE_INGRESS names one.
import { join } from "node:path";
import process from "node:process";
import { placesWithServer, prepareRender, runWithServers } from "./render-example.mjs";
import { toolProgram } from "./run-tool.mjs";

const given = { bullmq: process.env.REDIS_URL, restate: process.env.RESTATE_INGRESS };
const args = process.argv.slice(2);
const testing = args.includes("--test");
const places = placesWithServer.filter((name) => testing || args.includes(name));

const folder = prepareRender(places);
if (testing) {
  const rest = args.filter((arg) => arg !== "--test");
  process.exitCode = await runWithServers(places, [toolProgram("vitest"), "run", ...rest], folder);
} else {
  const missing = places.filter((name) => !given[name]);
  process.exitCode = await runWithServers(missing, [join(folder, "dist", "main.js"), ...args]);
}
