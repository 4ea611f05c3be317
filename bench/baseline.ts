/**
 * What a task costs, in bytes and counts and without any time: what a test compares with
 * `baseline.json`, on every Node, and what `npm run bench -- --baseline` writes there.
 */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The versions of Node that the baseline has. */
export const baselineMajors: readonly number[] = [20, 22, 24, 26];

/** By what was counted; each for one task. */
export type Counts = Record<string, number>;

const flags = {
  /** V8 compiles at the same moments in every run, and collects nothing by itself. */
  bytes: [
    "--expose-gc",
    "--single-threaded",
    "--min-semi-space-size=256",
    "--max-semi-space-size=256",
  ],
  /** What is compiled with others in one piece would not be counted. */
  blocks: ["--no-opt", "--no-maglev"],
};

/** Measures with `node`, on the package that was built in `root`. */
export async function measureCounts(node: string, root: string): Promise<Counts> {
  const program = join(root, "test", "bench", "fixtures", "counts-program.mjs");
  const kinds = Object.entries(flags).map(async ([kind, options]) => {
    const { stdout } = await execute(node, [...options, program, kind]);
    return JSON.parse(stdout) as Counts;
  });
  return Object.assign({}, ...(await Promise.all(kinds))) as Counts;
}
