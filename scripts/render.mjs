// Prepares the example `render`, and starts it: `npm run render -- --on threads`. With `--test`, its tests instead.
// For BullMQ and Restate it starts a server of its own, unless REDIS_URL or RESTATE_INGRESS names one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { prepareEngines } from "./engines.mjs";
import { installTools } from "./install-tools.mjs";
import { requireTool, toolProgram } from "./run-tool.mjs";

/** How the program is told where the server of an engine is. */
const environments = {
  bullmq: ({ connection }) => ({ REDIS_URL: connection }),
  restate: ({ ingress, admin, workers }) => ({
    RESTATE_INGRESS: `http://127.0.0.1:${ingress}`,
    RESTATE_ADMIN: `http://127.0.0.1:${admin}`,
    RESTATE_WORKERS: String(workers),
  }),
};

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);
const testing = args.includes("--test");
const engines = Object.keys(environments).filter((name) => testing || args.includes(name));

const example = installTools(join("..", "examples", "render"));
if (engines.length > 0) prepareEngines(engines, ["src", "cluster"]);
for (const name of engines) link(`@joinery/${name}`, join(root, "packages", name));
const projects = engines.map((name) => `examples/render/tsconfig.${name}.json`);
requireTool("tsc", ["-b", "examples/render", ...projects]);

if (testing) {
  const rest = args.filter((arg) => arg !== "--test");
  process.exitCode = await start(example, toolProgram("vitest"), "run", ...rest);
} else {
  const servers = [];
  for (const name of engines) servers.push(await startServer(name));
  process.exitCode = await start(root, join(example, "dist", "main.js"), ...args);
  for (const server of servers) await server?.stop();
}

/** Starts a server of an engine, unless the environment names one. */
async function startServer(engine) {
  const isThere = { bullmq: process.env.REDIS_URL, restate: process.env.RESTATE_INGRESS }[engine];
  if (isThere) return undefined;
  const { kit } = await import(`../packages/${engine}/cluster/dist/index.js`);
  const folder = mkdtempSync(join(tmpdir(), `joinery-${engine}-`));
  const server = await kit.startServer(folder, installTools);
  Object.assign(process.env, environments[engine](server.address));
  return { stop: () => server.stop().finally(() => rmSync(folder, { recursive: true })) };
}

/** Packages that are not part of the install of the repository are where the example looks for them. */
function link(name, folder) {
  const place = join(example, "node_modules", name);
  if (existsSync(place)) return;
  mkdirSync(join(place, ".."), { recursive: true });
  symlinkSync(folder, place, "junction");
}

function ignored() {}

/** Runs a program; Ctrl-C is for that program alone. */
async function start(cwd, program, ...rest) {
  process.on("SIGINT", ignored);
  const child = spawn(process.execPath, [program, ...rest], { cwd, stdio: "inherit" });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code, signal] = await once(child, "exit");
  process.off("SIGINT", ignored);
  return signal ? 1 : code;
}
