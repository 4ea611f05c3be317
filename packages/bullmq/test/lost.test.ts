/** Workers that vanish, and a Redis that forgets: what the conformance suite does not ask. */

import { moveOnAfter, sleep } from "joinery";
import { LostError } from "joinery/executor";
import { conformanceFunctions } from "joinery/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestBed } from "../../../test/engines/test-bed.ts";
import type { RedisServer } from "../cluster/redis-server.ts";

const { work, workAgain } = conformanceFunctions();
const long = { id: "a", ms: 60_000, step: 20 };

/** It has no worker yet. */
let bed: TestBed;

beforeEach(async () => void (bed = await TestBed.start("bullmq", 0)));
afterEach(() => bed.stop());

const began = (): number => bed.entries("a").filter(({ event }) => event === "began").length;

/** Ends the only worker as `kill -9` does. */
const killWorker = (): void => void process.kill(bed.crew.pids[0]!, "SIGKILL");

test("a call whose worker is killed, and which is cancelled while nobody has it, never begins again", async () => {
  await using executor = bed.open();
  await bed.crew.hire();
  let ending: unknown;
  await moveOnAfter(60_000, async (scope) => {
    const call = executor.call(workAgain, long, { signal: scope.signal });
    await bed.until("a", "began");
    killWorker();
    scope.reschedule(-Infinity);
    await call.catch((reason: unknown) => (ending = reason));
  });
  expect(ending).toBeInstanceOf(LostError);
  await bed.crew.hire();
  await sleep(2 * bed.lease);
  expect(began()).toBe(1);
});

test("an idempotent call that has lost three workers is lost itself", async () => {
  await using executor = bed.open();
  const ending = executor.call(workAgain, long).catch((reason: unknown) => reason as LostError);
  for (let death = 1; death <= 3; death++) {
    await bed.crew.hire();
    await bed.until("a", "began", death);
    killWorker();
    while (bed.crew.pids.length > 0) await sleep(5);
  }
  await bed.crew.hire();
  expect(await ending).toMatchObject({ code: "JOINERY_LOST", lost: "worker" });
  expect(began()).toBe(3);
});

test("a Redis that has forgotten everything loses the calls", async () => {
  await using executor = bed.open();
  const ending = executor.call(work, long).catch((reason: unknown) => reason as LostError);
  await bed.crew.hire();
  await bed.until("a", "began");
  await (bed.server as RedisServer).restartEmpty();
  expect(await ending).toMatchObject({ code: "JOINERY_LOST", lost: "engine" });
  await bed.until("a", "cleaned");
});
