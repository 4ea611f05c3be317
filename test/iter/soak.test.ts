/** Long loops: nothing grows that should not. In processes of their own, whose heap is theirs alone. */

import { describe, expect, test } from "vitest";
import { Program } from "../core/fixtures/program.ts";

const megabyte = 1_000_000;

describe("a source without an end", () => {
  test.each([
    ["a million, map in order", "ordered", 1_000_000, { limit: 8, sources: 1 }],
    ["a million, map as they come", "unordered", 1_000_000, { limit: 8, sources: 1 }],
    ["buffer", "buffer", 200_000, { limit: 8, sources: 1 }],
    ["merge", "merge", 200_000, { limit: 2, sources: 2 }],
    ["zip", "zip", 200_000, { limit: 1, sources: 1 }],
    ["forEach", "forEach", 200_000, { limit: 8, sources: 1 }],
  ])(
    "%s: the memory is that of a few",
    async (_, program, length, { limit, sources }) => {
      const file = "../../iter/fixtures/soak-program.mjs";
      const { code, lines, stderr } = await new Program(file, program, String(length)).ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const { growth, mostAhead, ...result } = JSON.parse(lines[0] ?? "{}") as Record<
        string,
        number
      >;
      expect(growth).toBeLessThan(megabyte);
      expect(mostAhead).toBeLessThanOrEqual(limit);
      expect(result).toEqual({
        taken: length,
        closed: sources,
        statistics: { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 },
      });
    },
    90_000,
  );
});
