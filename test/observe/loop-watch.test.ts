/** In a process of its own: at first no task has ever run. */

import { expect, test } from "vitest";
import { latestTask, run, sleep } from "joinery";
import { observe } from "joinery/observe";
import { now } from "./valid.ts";

/** Keeps the event loop from turning. */
function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

const beat = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 60));

test("2: an event loop that stands still before any task has run does so because of nobody", async () => {
  expect(latestTask()).toBeUndefined();
  expect(now().latest).toBeNull();
  const stop = observe();
  block(250);
  await beat();
  expect(now().loop?.blocked).toMatchObject([{ task: null }]);
  expect(now().warnings).toMatchObject([{ kind: "loop-blocked", tasks: [] }]);
  stop();
  expect(now().loop).toBeNull();
});

test("2: a task that is over when that is noticed is named all the same", async () => {
  const stop = observe();
  await run(() => block(250), { name: "short", handleSignals: false });
  await beat();
  expect(now().loop?.blocked).toMatchObject([{ task: { name: "short" } }]);
  expect(now().latest?.name).toBe("short");
  stop();
});

test("2: in a task that was resumed in one of its blocks the task is the latest, not the block", async () => {
  await run(
    async () => {
      await sleep(1);
      expect(latestTask()).toMatchObject({ kind: "task", name: "main" });
    },
    { name: "main", handleSignals: false },
  );
});
