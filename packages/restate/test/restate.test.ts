/** What is Restate's own: options, places, workers that close, a server that is not there. */

import { restate, type RestateOptions, serve, type ServeOptions } from "@joinery/restate";
import { sleep, taskGroup } from "joinery";
import { conformanceFunctions } from "joinery/testing";
import { afterAll, expect, test } from "vitest";
import { TestBed } from "../../../test/engines/test-bed.ts";

const bed = await TestBed.start("restate");
afterAll(() => bed.stop());

const { echo, work } = conformanceFunctions();

test.each<[RestateOptions, string]>([
  [
    null as never,
    'Expected `options` to be an object like { ingress: "http://localhost:8080" }, got null.',
  ],
  [
    { ingress: "nowhere" },
    'Expected `ingress` to be a URL like http://localhost:8080, got "nowhere".',
  ],
  [{ service: "a b" }, 'Expected `service` to be a name of letters, digits and . _ -, got "a b".'],
  [{ name: 1 as never }, "Expected `name` to be a string, got 1."],
  [{ lease: 999 }, "Expected `lease` to be milliseconds from 1000 to 300000, got 999."],
  [{ lease: NaN }, "Expected `lease` to be milliseconds from 1000 to 300000, got NaN."],
])("a bad option is an error at the call: %j", (options, message) => {
  expect(() => restate(options)).toThrow(message);
});

test.each<[ServeOptions, string]>([
  [{ port: -1 }, "Expected `port` to be a whole number from 0 to 65535, got -1."],
  [{ name: {} as never }, "Expected `name` to be a string, got [object Object]."],
])("a bad option of a worker is an error: %j", async (options, message) => {
  await expect(serve({ echo }, options)).rejects.toThrow(message);
});

test("a bad time to close is an error, and the worker goes on", async () => {
  await using worker = await serve({ echo }, { port: 0 });
  await expect(worker.close({ within: NaN })).rejects.toMatchObject({
    message: "Expected `within` to be a number of milliseconds, got NaN.",
    code: "JOINERY_INVALID_TIME",
  });
});

test("a Restate that cannot be reached is an error of the call, which has not begun", async () => {
  await using executor = restate({ ingress: "http://127.0.0.1:1", lease: 1000 });
  await expect(executor.call(echo, 1)).rejects.toMatchObject({
    code: "JOINERY_ENGINE_NOT_REACHED",
  });
});

test("a Restate that knows no worker of the service says so", async () => {
  const ingress = `http://127.0.0.1:${bed.server.address["ingress"]}`;
  await using executor = restate({ ingress, service: "nobody" });
  await expect(executor.call(echo, 1)).rejects.toThrow("it knows of no worker");
});

test("an executor knows where its calls run", async () => {
  await using executor = bed.open();
  await taskGroup(
    async (group) => {
      group.createTask(() => executor.call(work, { id: "place", ms: 600_000 }));
      while (executor.calls[0]?.place === undefined) await sleep(20);
      const [{ state, name, place }] = executor.calls as [(typeof executor.calls)[0]];
      expect(state).toBe("running");
      expect(bed.crew.pids).toContain(Number(place!.worker.split("/").at(-1)));
      expect(name).toBe(`conformance.work on restate (${place!.worker})`);
      group.cancel();
    },
    { cancellable: true },
  );
});
