/** After every test: nothing of joinery's is left, and nothing was said that the test did not ask for. */

import { assertNoLeaks } from "joinery/testing";
import { afterEach, beforeEach, expect } from "vitest";
import { turn } from "./turn.ts";

let unheard: unknown[] = [];
let warned: string[] = [];
let terminators = 0;

process.on("unhandledRejection", (reason) => unheard.push(reason));
process.on("warning", (warning) =>
  warned.push(`${(warning as { code?: string }).code ?? warning.name}: ${warning.message}`),
);

/** The warnings of this test so far, which are then expected. */
export async function takeWarnings(): Promise<string[]> {
  await turn();
  const taken = warned;
  warned = [];
  return taken;
}

/** The rejections of this test that nobody handled, which are then expected. */
export async function takeUnhandledRejections(): Promise<unknown[]> {
  await turn();
  const taken = unheard;
  unheard = [];
  return taken;
}

const ours = (): number => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");

beforeEach(() => {
  unheard = [];
  warned = [];
  terminators = ours();
});

afterEach(async () => {
  await assertNoLeaks();
  expect(ours(), "listeners for signals of the process").toBe(terminators);
  expect(unheard, "unhandled rejections").toEqual([]);
  expect(
    warned.filter((text) => !text.startsWith("ExperimentalWarning")),
    "warnings",
  ).toEqual([]);
});
