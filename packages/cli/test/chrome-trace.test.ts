/** Recordings as Perfetto and Chrome open them. */

import { all, run, shield, sleep, subscribe, taskGroup, timeout } from "joinery";
import { type EventRecord, eventRecord } from "joinery/observe";
import { Lock } from "joinery/sync";
import { withVirtualTime } from "joinery/testing";
import { expect, test } from "vitest";
import { chromeTrace, type ChromeTrace } from "../src/trace/chrome.ts";
import { expectTraceEventFormat } from "./trace-event-format.ts";

async function traceOf(program: () => Promise<unknown>): Promise<ChromeTrace> {
  const events: EventRecord[] = [];
  await withVirtualTime(async () => {
    const stop = subscribe((event) => events.push(eventRecord(event)));
    await program().catch(() => {});
    stop();
  });
  const head = { pid: 4711, command: "node x.js", runtime: "node", startedAt: 0, snapshots: [] };
  return chromeTrace({ format: "joinery-trace", formatVersion: 1, ...head, events });
}

function twice(ms: number): Promise<void> {
  return sleep(ms).then(() => sleep(10));
}

/** A bit of everything: waits that overlap, deadlines, shields, failures, cancels that are caught. */
async function everything(): Promise<void> {
  const lock = new Lock({ name: "db" });
  await taskGroup(
    async (group) => {
      for (let i = 0; i < 5; i++)
        group.createTask(
          () =>
            lock
              .acquire()
              .then(() => sleep(5))
              .finally(() => lock.release()),
          { name: `get-${i}` },
        );
      group.createTask(() => timeout(3, () => sleep(100)).catch(() => {}), { name: "slow" });
      group.createTask(() => Promise.all(Array.from({ length: 19 }, (_, i) => twice(i + 1))), {
        name: "many",
      });
      group.createTask(() => shield(() => sleep(50), { within: 100 }), { name: "writer" });
      group.createTask(() => sleep(60).catch(() => sleep(1).catch(() => {})), { name: "deaf" });
      group.createTask(() => all([() => sleep(2), () => sleep(4)]), { name: "inner" });
      await sleep(30);
      group.createTask(() => Promise.reject(new RangeError("too far")), { name: "fails" });
      await sleep(60);
    },
    { name: "crew" },
  );
}

test("keep to the format", async () => {
  const trace = await traceOf(() => run(everything, { name: "main" }));
  expectTraceEventFormat(trace);
  const phases = new Set(trace.traceEvents.map(({ ph }) => ph));
  expect(phases).toEqual(new Set(["M", "X", "i", "s", "f"]));
});

test("have a track for each task, of its number, and further ones for what it does at the same time", async () => {
  const { traceEvents } = await traceOf(() => run(everything, { name: "main" }));
  const tracks = traceEvents.filter(({ name }) => name === "thread_name");
  const titles = tracks.map(({ args }) => String(args?.["name"]));
  expect(titles.filter((title) => title === "many")).toHaveLength(1);
  expect(titles.filter((title) => title === "many (at the same time)").length).toBeGreaterThan(5);
  const tasks = traceEvents.filter(({ args }) => args?.["kind"] === "task" && args["id"]);
  expect(
    tasks.every(({ tid, args, name }) => name.startsWith("waits") || tid === args?.["id"]),
  ).toBe(true);
});

test("have the mark of a cancellation on the track of whom it was asked, and an arrow from who asked", async () => {
  const { traceEvents } = await traceOf(() =>
    run(
      () =>
        taskGroup(
          (group) => {
            group.createTask(() => sleep(100), { name: "worker" });
            group.createTask(() => sleep(10).then(() => group.cancel("enough")), { name: "boss" });
          },
          { name: "crew", cancellable: true },
        ),
      { name: "main" },
    ),
  );
  const track = (title: string) =>
    traceEvents.find(({ name, args }) => name === "thread_name" && args?.["name"] === title)?.tid;
  const marks = traceEvents.filter(({ ph, cat }) => ph === "i" && cat === "cancelled");
  expect(marks.map(({ tid }) => tid)).toEqual([track("main")]);
  const arrow = traceEvents.filter(({ name, ph }) => name === "cancels" && ph !== "M");
  expect(arrow.map(({ ph, tid }) => [ph, tid])).toEqual([
    ["s", track("boss")],
    ["f", track("main")],
  ]);
});
