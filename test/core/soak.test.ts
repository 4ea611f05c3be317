/** Long and large programs: nothing grows that should not. In processes of their own, whose heap is theirs alone. */

import { describe, expect, test } from "vitest";
import { Program } from "./fixtures/program.ts";

const patience = 30_000;
const megabyte = 1_000_000;
const nothingLeft = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };

/** What the program prints: a line of JSON for each measurement. */
async function measured(file: string, ...args: string[]): Promise<Record<string, number>[]> {
  const { code, lines, stderr } = await new Program(file, ...args).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return lines.map((line) => JSON.parse(line) as Record<string, number>);
}

async function soaked(program: string): Promise<Record<string, unknown>> {
  const [result] = await measured("soak-program.mjs", program);
  expect(result?.["statistics"]).toEqual(nothingLeft);
  return result ?? {};
}

describe("memory", () => {
  test.each([
    ["4.8: a million children of one group", "children"],
    ["4.8: 100,000 failed groups, ten in one another", "failedGroups"],
    ["3.8: blocks that open and close in a task that goes on", "blocks"],
    ["3.8: waits for one task that goes on", "waitsForOneTask"],
  ])(
    "%s",
    async (_, program) => {
      expect((await soaked(program))["growth"]).toBeLessThan(megabyte);
    },
    patience,
  );

  test(
    "3.8: a million groups under one signal, which has one listener at a time, and none in the end",
    async () => {
      const { growth, ...listeners } = await soaked("groupsUnderOneSignal");
      expect(growth).toBeLessThan(megabyte);
      expect(listeners).toMatchObject({ most: 1, listeners: 0, left: 0 });
    },
    patience,
  );

  test(
    "3: waits for one promise that goes on, which is one ghost however many have left it behind",
    async () => {
      const { growth, ghosts } = await soaked("waitsForOnePromise");
      expect(growth).toBeLessThan(megabyte);
      expect(ghosts).toBe(1);
    },
    patience,
  );
});

describe("the work for a task does not grow with their number", () => {
  const few = 2000;
  const many = 20_000;

  test.each([
    ["sleepers that are woken together", "sleepers", 1],
    ["sleepers that are cancelled", "cancelledSleepers", 1],
    // The timers of different lengths are in a heap.
    [
      "sleepers of different length that are cancelled",
      "sleepersOfDifferentLength",
      Math.log(many) / Math.log(few),
    ],
    ["waiters of one task that are cancelled", "cancelledWaitersOfOneTask", 1],
    ["children that are cancelled before their turn", "cancelledBeforeTheirTurn", 1],
    ["children that run one after another", "oneAfterAnother", 1],
    ["children that fail in one turn", "failures", 1],
    ["asCompleted", "completions", 1],
    ["wait", "waitForAll", 1],
  ])(
    "3.8: %s",
    async (_, program, factor) => {
      const [small, large] = await measured(
        "count-program.mjs",
        program,
        String(few),
        String(many),
      );
      const { n, blocks, moved, ...asked } = large as { n: number; blocks: number; moved: number };
      expect(n).toBe(many);
      expect(blocks).toBeGreaterThan(many);
      expect(blocks).toBeLessThan((small?.["blocks"] ?? 0) * (many / few) * factor * 1.05);
      expect(moved).toBeLessThanOrEqual(many);
      expect(asked).toEqual({
        timers: expect.toSatisfy((timers: number) => timers <= 2),
        timersCleared: expect.toSatisfy((timers: number) => timers <= 1),
        turns: expect.toSatisfy((turns: number) => turns <= 10),
        iterators: expect.toSatisfy((iterators: number) => iterators <= 100),
        listeners: 0,
        controllers: 0,
      });
    },
    patience,
  );

  test.each([
    ["3.8: 100,000 sleepers are cancelled at once", "cancelledSleepers"],
    ["3.8: 100,000 waiters of one task are cancelled at once", "cancelledWaitersOfOneTask"],
    ["2: 200,000 items of any() fail", "failures"],
  ])("%s", async (_, program) => expect(await soaked(program)).toBeDefined(), patience);
});
