/** Recordings as Perfetto and Chrome open them. */

import { run, sleep, taskGroup } from "joinery";
import { expect, test } from "vitest";
import { everything, traceOf } from "./everything.ts";
import { expectTraceEventFormat } from "./trace-event-format.ts";

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
