/** The trace of a call that runs somewhere else. */

import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { taskGroup } from "joinery";
import { createExecutor, createWorker, type Engine, remote } from "joinery/executor";
import { expect, test } from "vitest";
import { Telemetry } from "./support.ts";

const render = remote("render", () => trace.getActiveSpan()?.spanContext().traceId);

/** An engine whose worker has nothing of the caller but the message. */
function farAway(): Engine {
  const worker = createWorker({ render }, { name: "worker" });
  return {
    name: "far away",
    spawn: (message) => context.with(ROOT_CONTEXT, () => worker.spawn(message)),
    async close() {},
  };
}

test("a remote call is in the trace of its caller, below the span of the task that made it", async () => {
  await using telemetry = new Telemetry();
  await using executor = createExecutor(farAway());
  const traceId = await taskGroup(
    (group) => group.createTask(() => executor.call(render), { name: "frame 1" }),
    { name: "film" },
  );
  expect(telemetry.lines).toEqual([
    { name: "film", outcome: "done" },
    { name: "frame 1", parent: "film", outcome: "done" },
    { name: "render", parent: "frame 1", outcome: "done" },
  ]);
  expect(traceId).toBe(telemetry.span("film").spanContext().traceId);
});

test("it is not, once the instrumentation was stopped", async () => {
  await using telemetry = new Telemetry();
  telemetry.stop();
  await using executor = createExecutor(farAway());
  expect(await executor.call(render)).toBeUndefined();
  expect(telemetry.spans).toEqual([]);
});
