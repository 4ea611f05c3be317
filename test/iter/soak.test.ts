/** Long loops: nothing grows that should not. In processes of their own, whose heap is theirs alone. */

import { describe, expect, test } from "vitest";
import { Program } from "../core/fixtures/program.ts";

const megabyte = 1_000_000;

describe("a source without an end", () => {
  test.each([
    ["a million, map in order", "ordered", 1_000_000, 8, 1],
    ["a million, map as they come", "unordered", 1_000_000, 8, 1],
    ["buffer", "buffer", 200_000, 8, 1],
    ["merge", "merge", 200_000, 2, 2],
    ["zip", "zip", 200_000, 1, 1],
    ["forEach", "forEach", 200_000, 8, 1],
  ])(
    "%s: the memory is that of a few",
    async (_, program, length, atOnce, sources) => {
      const file = "../../iter/fixtures/soak-program.mjs";
      const { code, lines, stderr } = await new Program(file, program, String(length)).ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const { growth, ...result } = JSON.parse(lines[0] ?? "{}") as Record<string, number>;
      expect(growth).toBeLessThan(megabyte);
      expect(result).toEqual({
        taken: length,
        mostAhead: atOnce,
        closed: sources,
        statistics: { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 },
      });
    },
    90_000,
  );
});
