// Prepares the example `render`, and starts it: `npm run render -- --on threads`. With `--test`, its tests instead.
// For BullMQ and Restate it starts a server of its own, unless REDIS_URL or RESTATE_INGRESS names one.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { installTools } from "./install-tools.mjs";

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules");
const args = process.argv.slice(2);
const testing = args.includes("--test");
const needs = (place) => testing || args.includes(place);

const example = installTools(join("..", "examples", "render"));
const projects = ["examples/render"];
if (needs("bullmq")) {
  link("@joinery/bullmq", installTools(join("..", "packages", "bullmq")));
  projects.push("packages/bullmq/cluster", "examples/render/tsconfig.bullmq.json");
}
if (needs("restate")) {
  link("@joinery/restate", installTools(join("..", "packages", "restate")));
  projects.push("cluster", "packages/restate/cluster", "examples/render/tsconfig.restate.json");
}
const tsc = join(bin, "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "-b", ...projects], { cwd: root, stdio: "inherit" });

if (testing) {
  const vitest = join(bin, "vitest", "vitest.mjs");
  process.exitCode = await start(example, vitest, "run", ...args.filter((arg) => arg !== "--test"));
} else {
  const servers = [await startRedis(), await startRestate()];
  process.exitCode = await start(root, join(example, "dist", "main.js"), ...args);
  for (const server of servers) await server?.stop();
}

async function startRedis() {
  if (!needs("bullmq") || process.env.REDIS_URL) return undefined;
  const { RedisServer } = await import("../packages/bullmq/cluster/dist/redis-server.js");
  const redis = await RedisServer.start();
  process.env.REDIS_URL = redis.url;
  return redis;
}

async function startRestate() {
  if (!needs("restate") || process.env.RESTATE_INGRESS) return undefined;
  const { kit } = await import("../packages/restate/cluster/dist/index.js");
  const folder = mkdtempSync(join(tmpdir(), "joinery-restate-"));
  const restate = await kit.startServer(folder, installTools);
  const { ingress, admin, workers } = restate.address;
  process.env.RESTATE_INGRESS = `http://127.0.0.1:${ingress}`;
  process.env.RESTATE_ADMIN = `http://127.0.0.1:${admin}`;
  process.env.RESTATE_WORKERS = String(workers);
  return { stop: () => restate.stop().finally(() => rmSync(folder, { recursive: true })) };
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
