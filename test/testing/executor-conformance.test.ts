/** The conformance suite: an engine that keeps every promise passes, and one that breaks one is found out. */

import { run } from "joinery";
import { executorConformance, type ExecutorHarness } from "joinery/testing";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { Cluster, type Fault } from "./cluster.ts";

/** Longer than anything that a case waits for. */
const patience = 1_000_000;

/** Why a case fails against a cluster of its own, if it does. */
async function failureOf(name: string, fault: Fault): Promise<string | undefined> {
  const clock = new VirtualClock();
  const cluster = new Cluster(clock, fault);
  const one = casesOf(cluster).find((each) => each.name === name)!;
  const main = async (): Promise<string | undefined> => {
    cluster.start();
    const over = one.run().then(
      () => undefined,
      (error: Error) => error.message,
    );
    const tooLate = new Promise<string>((late) => clock.setTimeout(() => late("hangs"), patience));
    const failure = await Promise.race([over, tooLate]);
    await cluster.end();
    await over;
    return failure;
  };
  return run(main, { clock, handleSignals: false });
}

function casesOf(cluster: Cluster | undefined): ReturnType<typeof executorConformance> {
  const why = "not this time";
  const none = {
    closeWorker: why,
    killWorker: why,
    freezeWorker: why,
    startParent: why,
    restartServer: why,
  };
  return executorConformance(
    cluster
      ? { open: () => cluster.connect(), ...cluster.harness() }
      : ({ notApplicable: none } as unknown as ExecutorHarness),
  );
}

describe("an engine that keeps every promise passes", () => {
  test.each(casesOf(undefined))("$name", async ({ name }) => {
    expect(await failureOf(name, "none")).toBeUndefined();
  });
});

describe("one is found out that", () => {
  test.each<[Fault, string]>([
    ["answers before the cleanup", "an outcome arrives only after the cleanup of the worker"],
    ["passes no cancel on", "a single call can be cancelled, and the others go on"],
    ["passes no reason on", "a cancel reaches running children as an AbortSignal, with its reason"],
    [
      "begins what was cancelled",
      "a child that is cancelled before it began never begins, and none begins after its end",
    ],
    [
      "drops what comes in spite of a cancel",
      "a value that comes in spite of a cancellation is kept",
    ],
    ["passes no deadline on", "deadlines travel"],
    [
      "loses classes of errors",
      "an error comes back as what it was, with its class, code, properties and stack",
    ],
    ["loses what JSON has no word for", "values come back as they went"],
    ["loses the key", "a function sees its key, its attempt and its worker"],
    ["loses every hundredth result", "5,000 children have 5,000 results"],
    [
      "closes without a cancel",
      "closing cancels what is under way and waits for it; then nothing begins any more",
    ],
    [
      "cuts a closing worker short",
      "a worker that closes finishes what it runs, and takes nothing more",
    ],
    [
      "gives a closing worker more",
      "a worker that closes finishes what it runs, and takes nothing more",
    ],
    [
      "runs nothing again",
      "an idempotent child that a closing worker does not finish in time is run again elsewhere, after its cleanup",
    ],
    [
      "runs what is lost again",
      "a child that a closing worker does not finish in time is lost after its cleanup, and not run again",
    ],
    ["runs what is lost again", "a child whose worker is killed is lost, and not run again"],
    ["runs nothing again", "an idempotent child whose worker is killed is run again"],
    [
      "has no lease",
      "nothing outlives a parent that is killed: after lease and grace its children have ended, and none begins",
    ],
    ["has no fence", "a frozen worker that wakes up is fenced off"],
    [
      "forgets with the server",
      "a server that is killed and started again loses no result, and runs nothing twice",
    ],
  ])("%s", async (fault, name) => {
    expect(await failureOf(name, fault)).toBeTypeOf("string");
    await takeWarnings(); // of tasks that hear of no cancel
  });
});

test("a harness that neither can nor says why is an error at the door", () => {
  const harness = {
    notApplicable: { closeWorker: "c", killWorker: "w", freezeWorker: "f", startParent: "p" },
  };
  expect(() => executorConformance(harness as unknown as ExecutorHarness)).toThrow(
    "Expected the harness to have restartServer(), or to say in notApplicable.restartServer why it has not.",
  );
});

test("what does not apply is in the list, with the reason", () => {
  const cases = casesOf(undefined);
  const reasons = cases.map(({ notApplicable }) => notApplicable).filter(Boolean);
  expect(reasons).toEqual(Array.from({ length: 8 }, () => "not this time"));
});
