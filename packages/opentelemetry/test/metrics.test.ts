/** What is counted. */

import { checkpoint, moveOnAfter, sleep, taskGroup } from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../../../test/support/virtual-clock.ts";
import { Telemetry } from "./support.ts";

/** Three end well, one fails, one is cancelled asleep and one before it began. */
async function work(): Promise<void> {
  const group = taskGroup((crew) => {
    crew.createTask(() => sleep(10));
    crew.createTask(() => sleep(30));
    crew.createTask(() => sleep(30).then(() => crew.createTask(() => {}, { name: "last" })));
    crew.createTask(() => sleep(100), { name: "cancelled" });
    crew.createTask(() => sleep(40).then(() => Promise.reject(new Error("boom"))));
    crew.createTask(() => {}, { name: "never" }).cancel();
  });
  await group.catch(() => {});
  await moveOnAfter(5, () => sleep(10));
}

test("all tasks are counted, by how they end, and for how long they take", async () => {
  await using telemetry = new Telemetry();
  await inVirtualTime(work, { name: "main" });
  expect(await telemetry.values("joinery.task.started")).toEqual([[{}, 7]]);
  expect(await telemetry.values("joinery.task.ended")).toEqual([
    [{ "joinery.outcome": "cancelled" }, 2],
    [{ "joinery.outcome": "done" }, 5],
    [{ "joinery.outcome": "failed" }, 1],
  ]);
  const durations = await telemetry.values("joinery.task.duration");
  expect(durations).toMatchObject([
    [{ "joinery.outcome": "done" }, { count: 5, max: 0.045 }],
    [{ "joinery.outcome": "failed" }, { count: 1, sum: 0.04 }],
    [{ "joinery.outcome": "cancelled" }, { count: 1, sum: 0.04 }],
  ]);
  expect(await telemetry.values("joinery.cancellations")).toEqual([
    [{ "joinery.cancel.source": "explicit" }, 1],
    [{ "joinery.cancel.source": "sibling-error" }, 1],
    [{ "joinery.cancel.source": "deadline" }, 1],
  ]);
});

test("those that are live are counted whenever somebody looks, also from before", async () => {
  await inVirtualTime(async () => {
    await taskGroup(async (group) => {
      group.createTask(() => sleep(10), { name: "before" });
      await checkpoint();
      await using telemetry = new Telemetry();
      group.createTask(() => sleep(10));
      expect(await telemetry.values("joinery.task.live")).toEqual([[{}, 3]]);
      await sleep(20);
      expect(await telemetry.values("joinery.task.live")).toEqual([[{}, 1]]);
      expect(await telemetry.values("joinery.task.ended")).toMatchObject([[{}, 2]]);
      expect(await telemetry.values("joinery.task.duration")).toMatchObject([[{}, { count: 1 }]]);
      telemetry.stop();
      group.createTask(() => sleep(10));
      expect(await telemetry.values("joinery.task.live")).toEqual([[{}, 1]]);
      expect(await telemetry.values("joinery.task.ended")).toMatchObject([[{}, 2]]);
    });
  });
});

test("they have the attributes that the program gives them", async () => {
  await using telemetry = new Telemetry({
    metricAttributes: ({ name }) => ({ job: name.replace(/-\d+$/, "") }),
  });
  await taskGroup((group) => {
    for (const id of [1, 2]) group.createTask(() => {}, { name: `mail-${id}` });
  });
  expect(await telemetry.values("joinery.task.started")).toEqual([[{ job: "mail" }, 2]]);
  expect(await telemetry.values("joinery.task.ended")).toEqual([
    [{ job: "mail", "joinery.outcome": "done" }, 2],
  ]);
});

test("nothing is counted if it is turned off", async () => {
  await using telemetry = new Telemetry({ metrics: false });
  await taskGroup(() => {}, { name: "crew" });
  expect(await telemetry.values("joinery.task.live")).toEqual([]);
  expect(telemetry.lines).toEqual([{ name: "crew", outcome: "done" }]);
});
