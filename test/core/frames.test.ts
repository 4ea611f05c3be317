/** What is left of a stack: the lines of the program. */

import { expect, test } from "vitest";
import { programFrames } from "joinery";

const ownFile = new URL("../../src/sync/lock.ts", import.meta.url);
const program = "    at work (file:///program/work.js:3:7)";
const ofNode = "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)";

/** An error that was made in the first of `frames`. */
function madeIn(...frames: string[]): Error {
  return Object.assign(new Error("here"), { stack: ["Error: here", ...frames].join("\n") });
}

const maker = "    at new Thing (file:///program/thing.js:1:1)";

test("3.5: the frames of the program, innermost first, without the one that made the error", () => {
  expect(programFrames(madeIn(maker, program, "    at main (main.js:1:1)"))).toEqual([
    "at work (file:///program/work.js:3:7)",
    "at main (main.js:1:1)",
  ]);
});

test.each([
  ["of the runtime", ofNode],
  ["of joinery, of whatever layer, as an address", `    at Lock.acquire (${ownFile.href}:10:5)`],
  ["of joinery as a path", `    at Lock.acquire (${ownFile.pathname}:10:5)`],
])("3.5: without those %s", (_, frame) => {
  expect(programFrames(madeIn(maker, frame, program, frame))).toEqual([program.trim()]);
});

test("3.5: a program with a folder of the name of one of joinery's keeps its frames", () => {
  const frames = ["at a (file:///program/core/frames.js:1:1)", "at b (/program/src/work.js:1:1)"];
  expect(programFrames(madeIn(maker, ...frames))).toEqual(frames);
});

test("3.5: all of them if there are no others", () => {
  expect(programFrames(madeIn(maker, ofNode))).toEqual([ofNode.trim()]);
  expect(programFrames(madeIn(maker))).toEqual([]);
});

test("3.5: none of an error without a stack", () => {
  expect(programFrames(Object.assign(new Error("bare"), { stack: undefined }))).toEqual([]);
});
