/** `npm run cluster`: server, workers and program, and the end of all of them. */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { alive, Program, refusalOf } from "./program.ts";

const script = fileURLToPath(new URL("../../../scripts/cluster.mjs", import.meta.url));

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "joinery-cluster-"));
});
afterEach(() => rmSync(out, { recursive: true }));

/** Of a place such as `host/12, attempt 2`. */
function pidIn(place: string): number {
  return Number(/\/(\d+)/.exec(place)?.[1]);
}

describe.each(["bullmq", "restate"])("--engine %s", (engine) => {
  const start = (...args: string[]): Program =>
    new Program(script, "--engine", engine, "--workers", "3", "--out", out, ...args);
  const started = (cluster: Program): number[] =>
    [`${engine}: server`, "workers:"].flatMap((title) => cluster.ids(title));

  test("shows where the children run, goes on without a worker that is killed, and ends them all", async () => {
    // Frames that take longer than the tree takes to come again: a second attempt is seen.
    const cluster = start("--frames", "9", "--width", "1920");
    await cluster.until(() => cluster.places.length > 0);
    expect(started(cluster)).toHaveLength(4);
    const victim = pidIn(cluster.places[0]);
    process.kill(victim, "SIGKILL");
    expect(await cluster.end()).toBe(0);
    expect(cluster.lines.at(-1)).toBe(`9 of 9 frames are in ${out}.`);
    expect(readdirSync(out)).toHaveLength(9);
    expect(cluster.ids("workers:")).toEqual(expect.arrayContaining(cluster.places.map(pidIn)));
    const again = cluster.places.filter((place) => place.endsWith("attempt 2"));
    expect(again.length).toBeGreaterThan(0);
    expect(again.map(pidIn)).not.toContain(victim);
    expect(alive(started(cluster))).toEqual([]);
  });

  test("Ctrl-C ends them all", async () => {
    const cluster = start("--frames", "1000", "--width", "320");
    await cluster.until(() => readdirSync(out).length > 0);
    cluster.pressCtrlC();
    expect(await cluster.end()).toBe(130);
    expect(cluster.lines.at(-1)).toMatch(/^Stopped after [01]\.\d s, nothing goes on anywhere\./);
    expect(started(cluster)).toHaveLength(4);
    expect(alive(started(cluster))).toEqual([]);
  });
});

test.each([
  [[], "--engine takes bullmq or restate, and not nothing."],
  [["--engine", "the moon"], "--engine takes bullmq or restate, and not the moon."],
])("%j is refused", async (args, message) => {
  const { code, complaint } = await refusalOf(script, ...args);
  expect(code).toBe(1);
  expect(complaint.trim()).toBe(message);
});
