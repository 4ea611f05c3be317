/** What has to hold in every test runner. Throws where it does not. */

import assert from "node:assert/strict";
import { checkpoint, createTask, sleep, suspend, taskGroup, timeout } from "joinery";
import { assertNoLeaks, DeadlockError, explore, withVirtualTime } from "joinery/testing";

const day = 24 * 60 * 60 * 1000;

export async function timePasses() {
  await withVirtualTime(async (clock) => {
    await sleep(day);
    assert.equal(clock.now(), day);
    await assert.rejects(
      timeout(1000, () => sleep(day)),
      { name: "TimeoutError" },
    );
    assert.equal(clock.now(), day + 1000);
  });
}

/** The timers of the runner are the real ones, and hold the clock back. */
export async function globalsAreReal() {
  const before = Date.now();
  await withVirtualTime(async (clock) => {
    await sleep(day);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(clock.now(), day);
  });
  assert.ok(Date.now() - before < day);
}

const hang = () => suspend(() => {}, { label: "a letter" });

export async function deadlocksAreFound() {
  await assert.rejects(withVirtualTime(hang), (error) => {
    assert.ok(error instanceof DeadlockError);
    assert.match(error.message, /waits for a letter/);
    return true;
  });
}

async function race() {
  const order = [];
  await taskGroup((group) => {
    for (const name of ["a", "b"]) group.createTask(() => order.push(name));
  });
  assert.deepEqual(order, ["a", "b"]);
}

export async function racesAreFound() {
  await assert.rejects(explore(race), { name: "ScheduleError" });
  assert.deepEqual(await explore(() => taskGroup(() => checkpoint()), { exhaustive: true }), {
    schedules: 1,
    complete: true,
  });
}

export async function leaksAreFound() {
  let settle;
  const left = new Promise((resolve) => (settle = resolve));
  await assert.rejects(
    assertNoLeaks(() => void createTask(() => left)),
    { name: "LeftBehindError" },
  );
  settle();
}
