/** The program in every place. The servers are there: the script that starts these tests has started them. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { alive, Program, refusalOf } from "./program.ts";
import { underWay } from "./under-way.ts";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "joinery-render-"));
});
afterEach(() => rmSync(out, { recursive: true }));

const pictures = (): string[] => readdirSync(out).toSorted();

describe.each(["here", "threads", "bullmq", "restate"])("on %s", (place) => {
  const isElsewhere = place === "bullmq" || place === "restate";
  const start = (...args: string[]): Program =>
    new Program(program, "--on", place, "--out", out, "--workers", "2", "--width", "64", ...args);

  /** What the program started is gone, and nobody has anything to do for it. */
  async function expectNothingGoesOn(film: Program): Promise<void> {
    const workers = film.ids("workers:");
    expect(workers).toHaveLength(isElsewhere ? 2 : 0);
    expect(alive(workers)).toEqual([]);
    expect(await underWay[place]!()).toBe(0);
  }

  test("all frames are rendered, and without a terminal there is no bar", async () => {
    const film = start("--frames", "6");
    expect(await film.end()).toBe(0);
    expect(film.lines.slice(isElsewhere ? 1 : 0)).toEqual([`6 of 6 frames are in ${out}.`]);
    expect(pictures()).toEqual(Array.from({ length: 6 }, (_, n) => `frame-000${n}.png`));
    const { width, height } = PNG.sync.read(readFileSync(join(out, "frame-0005.png")));
    expect([width, height]).toEqual([64, 36]);
    await expectNothingGoesOn(film);
  });

  test("a poisoned frame stops the others, and comes back as itself", async () => {
    const film = start("--frames", "200", "--fail");
    expect(await film.end()).toBe(1);
    expect(film.lines.at(-1)).toMatch(
      /^Stopped: frame 100 is poisoned \(render ran in .+\), nothing goes on anywhere\. \d+ of 200 frames/,
    );
    expect(pictures().length).toBeLessThan(200);
    expect(pictures()).not.toContain("frame-0100.png");
    await expectNothingGoesOn(film);
  });

  test("Ctrl-C stops everything, and says so within 2 seconds", async () => {
    const film = start("--frames", "5000");
    await film.until(() => pictures().length > 0);
    film.pressCtrlC();
    expect(await film.end()).toBe(130);
    const said = /^Stopped after (.+) s, nothing goes on anywhere\. (\d+) of 5000 frames/;
    const [, seconds, frames] = said.exec(film.lines.at(-1)!) ?? [];
    expect(Number(seconds)).toBeLessThan(2);
    await expectNothingGoesOn(film);
    // What was said to be the end was the end: at most a frame that was being written is more.
    expect(pictures().length - Number(frames)).toBeOneOf([0, 1, 2, 3, 4]);
  });
});

test.each([
  [["--on", "the moon"], /There is no place "the moon"/],
  [["--frames", "none"], /Expected a whole number from 1, got "none"/],
  [["--unknown"], /Unknown option/],
])("%s is refused", async (args, message) => {
  const { code, complaint } = await refusalOf(program, ...args);
  expect(code).toBe(2);
  expect(complaint).toMatch(message);
});
