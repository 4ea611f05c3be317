// What the scripts that start the example `render` have in common.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { prepareEngines } from "./engines.mjs";
import { installTools } from "./install-tools.mjs";
import { requireTool } from "./run-tool.mjs";

/** By the places that need a server: what tells the program where that is. */
const environments = {
  bullmq: ({ connection }) => ({ REDIS_URL: connection }),
  restate: ({ ingress, admin, workers }) => ({
    RESTATE_INGRESS: `http://127.0.0.1:${ingress}`,
    RESTATE_ADMIN: `http://127.0.0.1:${admin}`,
    RESTATE_WORKERS: String(workers),
  }),
};

export const placesWithServer = Object.keys(environments);

const packages = join(import.meta.dirname, "..", "packages");

/** Installs and builds the example, with the engines of those places. Returns its folder. */
export function prepareRender(places) {
  const folder = installTools(join("..", "examples", "render"));
  if (places.length > 0) prepareEngines(places, ["src", "cluster"]);
  for (const name of places) link(folder, name);
  const projects = places.map((name) => `examples/render/tsconfig.${name}.json`);
  requireTool("tsc", ["-b", "examples/render", ...projects]);
  return folder;
}

/** Packages that are not part of the install of the repository are where the example looks for them. */
function link(folder, name) {
  const place = join(folder, "node_modules", "@joinery", name);
  if (existsSync(place)) return;
  mkdirSync(join(place, ".."), { recursive: true });
  symlinkSync(join(packages, name), place, "junction");
}

/**
 * Starts a server for each of those places, then a program of Node, and ends the servers when it is over. Returns the exit
 * code of the program. Ctrl-C is for that program alone, and starts none if it comes before.
 */
export async function runWithServers(places, [program, ...args], cwd) {
  let interrupted = false;
  const interrupt = () => void (interrupted = true);
  process.on("SIGINT", interrupt);
  const servers = [];
  try {
    const env = { ...process.env };
    for (const place of places) servers.push(await startServer(place, env));
    return interrupted ? 130 : await run(program, args, { cwd, env, stdio: "inherit" });
  } finally {
    for (const server of servers) await server.stop();
    process.off("SIGINT", interrupt);
  }
}

/** Starts the server of a place, and puts into `env` where it is. */
async function startServer(place, env) {
  const { kit } = await import(`../packages/${place}/cluster/dist/index.js`);
  const folder = mkdtempSync(join(tmpdir(), `joinery-${place}-`));
  const server = await kit.startServer(folder, installTools);
  console.log(`${place}: server ${server.pid}`);
  Object.assign(env, environments[place](server.address));
  return { stop: () => server.stop().finally(() => rmSync(folder, { recursive: true })) };
}

async function run(program, args, options) {
  const child = spawn(process.execPath, [program, ...args], options);
  const end = () => child.kill("SIGTERM");
  process.on("SIGTERM", end);
  const [code] = await once(child, "exit");
  process.off("SIGTERM", end);
  return code ?? 1;
}
