/** The contract of executors, kept by threads. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { threads } from "@joinery/threads";
import type { Executor } from "joinery/executor";
import { afterAll, expect, test } from "vitest";
import { testConformance } from "../../../test/support/conformance.ts";

const folder = mkdtempSync(join(tmpdir(), "joinery-threads-"));
const journal = join(folder, "journal");
writeFileSync(journal, "");
afterAll(() => rmSync(folder, { recursive: true }));

const module = new URL("./fixtures/conformance.mjs", import.meta.url);
const open = (): Executor =>
  threads(module, { threads: 2, env: { JOURNAL: journal }, execArgv: [] });

const killer = new BroadcastChannel("kill");
afterAll(() => killer.close());

const others = testConformance({
  open,
  journal: () => readFileSync(journal, "utf8").split("\n").slice(0, -1),
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
  killWorker: async (worker) => killer.postMessage(worker),
  notApplicable: {
    closeWorker: "threads are closed with their pool",
    freezeWorker: "a thread cannot be stopped apart from its process",
    startParent: "threads are part of the process of the parent, and end with it",
    restartServer: "there is no server",
  },
});

test("what does not apply, and why", () => {
  expect(others).toMatchInlineSnapshot(`
    [
      "a worker that closes finishes what it runs, and takes nothing more: threads are closed with their pool",
      "an idempotent child that a closing worker does not finish in time is run again elsewhere, after its cleanup: threads are closed with their pool",
      "a child that a closing worker does not finish in time is lost after its cleanup, and not run again: threads are closed with their pool",
      "nothing outlives a parent that is killed: after lease and grace its children have ended, and none begins: threads are part of the process of the parent, and end with it",
      "a server that is killed and started again loses no result, and runs nothing twice: there is no server",
      "a frozen worker that wakes up is fenced off: a thread cannot be stopped apart from its process",
    ]
  `);
});
