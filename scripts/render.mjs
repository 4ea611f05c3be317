// Prepares the example `render`, and starts it: `npm run render -- --on threads`. With `--test`, its tests instead.
// For BullMQ it starts a Redis of its own, unless REDIS_URL names one.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
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
const tsc = join(bin, "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "-b", ...projects], { cwd: root, stdio: "inherit" });

if (testing) {
  const vitest = join(bin, "vitest", "vitest.mjs");
  process.exitCode = await start(example, vitest, "run", ...args.filter((arg) => arg !== "--test"));
} else {
  const redis = await startRedis();
  if (redis) process.env.REDIS_URL = redis.url;
  process.exitCode = await start(root, join(example, "dist", "main.js"), ...args);
  await redis?.stop();
}

async function startRedis() {
  if (!needs("bullmq") || process.env.REDIS_URL) return undefined;
  const { RedisServer } = await import("../packages/bullmq/cluster/dist/redis-server.js");
  return RedisServer.start();
}

/** Packages that are not part of the install of the repository are where the example looks for them. */
function link(name, folder) {
  const place = join(example, "node_modules", name);
  if (existsSync(place)) return;
  mkdirSync(join(place, ".."), { recursive: true });
  symlinkSync(folder, place, "junction");
}

const ignored = () => {};

/** Runs a program; Ctrl-C is for that program alone. */
async function start(cwd, program, ...rest) {
  process.on("SIGINT", ignored);
  const child = spawn(process.execPath, [program, ...rest], { cwd, stdio: "inherit" });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code, signal] = await once(child, "exit");
  process.off("SIGINT", ignored);
  return signal ? 1 : code;
}
