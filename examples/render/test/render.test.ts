/** The program as its users start it, in every place. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { RedisServer } from "../../../packages/bullmq/cluster/redis-server.ts";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

let redis: RedisServer;
let out: string;

beforeAll(async () => {
  redis = await RedisServer.start();
}, 60_000);
afterAll(() => redis.stop());

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "joinery-render-"));
});
afterEach(() => rmSync(out, { recursive: true }));

function start(...args: string[]): ChildProcess {
  const env = { ...process.env, REDIS_URL: redis.url };
  const all = [program, "--out", out, "--workers", "2", "--width", "64", ...args];
  return spawn(process.execPath, all, { env, stdio: ["ignore", "pipe", "inherit"] });
}

/** What the program said, and its exit code. */
async function end(child: ChildProcess): Promise<{ code: number; said: string }> {
  let said = "";
  child.stdout!.on("data", (text) => (said += String(text)));
  const [code] = (await once(child, "close")) as [number];
  return { code, said: said.trim() };
}

const pictures = (): string[] => readdirSync(out).toSorted();

describe.each(["here", "threads", "bullmq"])("on %s", (place) => {
  test("all frames are rendered, and without a terminal there is no bar", async () => {
    const { code, said } = await end(start("--on", place, "--frames", "6"));
    expect(said).toBe(`6 of 6 frames are in ${out}.`);
    expect(code).toBe(0);
    expect(pictures()).toEqual(Array.from({ length: 6 }, (_, n) => `frame-000${n}.png`));
    const { width, height } = PNG.sync.read(readFileSync(join(out, "frame-0005.png")));
    expect([width, height]).toEqual([64, 36]);
  });

  test("a poisoned frame stops the others, and comes back as itself", async () => {
    const { code, said } = await end(start("--on", place, "--frames", "2000", "--fail"));
    expect(said).toMatch(
      /^Stopped: frame 1000 is poisoned \(render ran in .+\), nothing goes on anywhere\. 1?\d+ of 2000/,
    );
    expect(code).toBe(1);
    expect(pictures().length).toBeLessThan(2000);
    expect(pictures()).not.toContain("frame-1000.png");
  });

  test("Ctrl-C stops everything, and says so within 2 seconds", async () => {
    const child = start("--on", place, "--frames", "100000");
    const ending = end(child);
    while (pictures().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const { code, said } = await ending;
    expect(code).toBe(130);
    const [, seconds] =
      /^Stopped after (.+) s, nothing goes on anywhere\. \d+ of 100000 frames/.exec(said) ?? [];
    expect(Number(seconds)).toBeLessThan(2);
    const before = pictures().length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(pictures()).toHaveLength(before);
  });
});

test.each([
  [["--on", "the moon"], /There is no place "the moon"/],
  [["--frames", "none"], /Expected a whole number from 1, got "none"/],
  [["--unknown"], /Unknown option/],
])("%s is refused", async (args, message) => {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (text) => (complaint += String(text)));
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(2);
  expect(complaint).toMatch(message);
});
