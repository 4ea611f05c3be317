/** What is recorded to come out differently on this runtime. */

import differences from "./differences.json" with { type: "json" };
import { name } from "./this-runtime.ts";

const here = differences.filter(({ on }) => on.includes(name));

/** Whether `entry` is about `test`: it names the test, or the file or suite around it. */
function isAbout(entry: string, test: string): boolean {
  return test === entry || test.startsWith(`${entry} > `);
}

/** Why `test` fails on this runtime, if it does. */
export function whyDifferent(test: string): string | undefined {
  return here.find(({ tests }) => tests.some((entry) => isAbout(entry, test)))?.why;
}

/** The entries that are about none of these tests. */
export function stale(tests: readonly string[]): string[] {
  const entries = here.flatMap((each) => each.tests);
  return entries.filter((entry) => !tests.some((test) => isAbout(entry, test)));
}
