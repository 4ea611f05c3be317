/** The contract of executors, kept by the one in this process. */

import { inProcess } from "joinery/executor";
import { conformanceFunctions } from "joinery/testing";
import { expect, test } from "vitest";
import { testConformance } from "../support/conformance.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const lines: string[] = [];
const functions = conformanceFunctions((line) => lines.push(line));

const others = testConformance(
  {
    open: () => inProcess(functions),
    journal: () => lines,
    notApplicable: {
      closeWorker: "its worker is this process",
      killWorker: "its worker is this process",
      freezeWorker: "its worker is this process",
      startParent: "its worker is the process of the parent",
      restartServer: "it has no server",
    },
  },
  (run) => inVirtualTime(run),
);

test("what does not apply, and why", () => {
  expect(others).toMatchInlineSnapshot(`
    [
      "a worker that closes finishes what it runs, and takes nothing more: its worker is this process",
      "an idempotent child that a closing worker does not finish in time is run again elsewhere, after its cleanup: its worker is this process",
      "a child that a closing worker does not finish in time is lost after its cleanup, and not run again: its worker is this process",
      "a child whose worker is killed is lost, and not run again: its worker is this process",
      "an idempotent child whose worker is killed is run again: its worker is this process",
      "nothing outlives a parent that is killed: after lease and grace its children have ended, and none begins: its worker is the process of the parent",
      "a server that is killed and started again loses no result, and runs nothing twice: it has no server",
      "a frozen worker that wakes up is fenced off: its worker is this process",
    ]
  `);
});
