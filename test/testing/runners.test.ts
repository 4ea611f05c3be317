/**
 * Virtual time in other test runners, each in a process of its own and with the package that was built.
 * `npm run test:runners` installs those that are not there, and runs this file.
 */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { root } from "../support/repository.ts";

const samples = join(root, "test", "testing", "runners");
const installed = join(root, "tools", "runners", "node_modules");
const bunPackage = process.arch === "arm64" ? "bun-linux-aarch64" : "bun-linux-x64-baseline";

const node = process.execPath;
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const jest = join(installed, "jest", "bin", "jest.js");
const bun = join(installed, "@oven", bunPackage, "bin", "bun");

/** The program, what it is given, and what it prints of five tests that pass. */
const runners: Record<string, [program: string, args: string[], passed: RegExp]> = {
  "node:test": [node, ["--test", "--test-reporter=tap", "node.mjs"], /^# pass 5$/m],
  vitest: [node, [vitest, "run", "--config", "vitest.config.mjs"], /Tests +5 passed/],
  jest: [
    node,
    ["--experimental-vm-modules", jest, "--config", "jest.config.json"],
    /Tests: +5 passed, 5 total/,
  ],
  "bun test": [bun, ["test", "./bun.mjs"], /^ 5 pass$/m],
};

const needs: Record<string, string> = { jest, "bun test": bun };

describe.each(Object.entries(runners))("in %s", (name, [program, args, passed]) => {
  test.skipIf(!existsSync(needs[name] ?? node))(
    "time jumps, globals are the real ones, deadlocks, races and leaks are found",
    { timeout: 60_000 },
    async () => {
      const env = { PATH: process.env["PATH"], NO_COLOR: "1" };
      const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: samples, env });
      expect(stdout + stderr).toMatch(passed);
    },
  );
});
