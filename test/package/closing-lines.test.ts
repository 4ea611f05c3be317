import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/repository.ts";

/** The lines that the script prints when the suites print `lines`. */
function summed(...lines: string[]): string[] {
  const script = join(root, "scripts", "sum-closing-lines.mjs");
  const input = lines.map((line) => `${line}\n`).join("");
  return spawnSync(process.execPath, [script], { input, encoding: "utf8" }).stdout.split("\n");
}

test("what the suites print is passed on, and the last line is the sum of their closing lines", () => {
  const lines = ["12 passed, 1 failed, 3 skipped", "  Tests  5 passed (5)", "30 passed, 0 failed"];
  expect(summed(...lines)).toEqual([...lines, "42 passed, 1 failed, 3 skipped", ""]);
  expect(summed("2 passed, 0 failed")).toEqual(["2 passed, 0 failed", "2 passed, 0 failed", ""]);
});
