/** Runs one test file in a page. */

import {
  afterEach,
  beforeEach,
  startTests,
  type Suite,
  type Task,
  type VitestRunner,
} from "@vitest/runner";
import { statistics } from "joinery";
import type { RuntimeReport } from "../report.ts";
import { holdToRecord } from "../as-recorded.ts";
import { turn } from "../../support/turn.ts";
import { expect } from "./vitest.ts";

type PageReport = Omit<RuntimeReport, "version">;

const config: VitestRunner["config"] = {
  root: "/",
  setupFiles: [],
  name: undefined,
  passWithNoTests: false,
  testNamePattern: undefined,
  allowOnly: false,
  sequence: { seed: 1, hooks: "stack", setupFiles: "list" },
  chaiConfig: undefined,
  maxConcurrency: 1,
  testTimeout: 30_000,
  hookTimeout: 30_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  tagsFilter: undefined,
  strictTags: true,
};

interface Rejection {
  readonly reason: unknown;
  preventDefault(): void;
}

interface Page {
  addEventListener(type: string, listener: (event: Rejection) => void): void;
}

let unheard: unknown[] = [];
(globalThis as unknown as Page).addEventListener("unhandledrejection", (event) => {
  event.preventDefault(); // or the page is taken for broken
  unheard.push(event.reason);
});

/** The rejections of this test that nobody handled, which are then expected. */
export async function takeUnhandledRejections(): Promise<unknown[]> {
  await turn(10);
  const taken = unheard;
  unheard = [];
  return taken;
}

/** After every test: nothing of joinery's is left, and no rejection was unhandled. */
function checkLeaks(): void {
  beforeEach(() => void (unheard = []));
  afterEach(async () => {
    expect(await takeUnhandledRejections(), "unhandled rejections").toEqual([]);
    const none = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };
    expect(statistics(), "left behind").toEqual(none);
  });
}

/** `load` imports the test file `name`. */
export async function runInPage(name: string, load: () => Promise<unknown>): Promise<PageReport> {
  const importFile = (): Promise<unknown> => {
    checkLeaks();
    holdToRecord();
    return load();
  };
  const report: PageReport = { passed: 0, failed: [], skipped: [] };
  for (const file of await startTests([name], { config, importFile })) count(file, report);
  return report;
}

function count(suite: Suite, report: PageReport): void {
  if (suite.result?.errors?.length) fail(suite, report);
  for (const task of suite.tasks) {
    const { difference } = task.meta;
    if (task.type === "suite") count(task, report);
    else if (task.result?.state === "fail") fail(task, report);
    else if (difference !== undefined)
      report.skipped.push({ test: task.fullName, why: difference });
    else if (task.result?.state === "pass") report.passed++;
    else report.skipped.push({ test: task.fullName, why: "skipped by the test itself" });
  }
}

function fail(task: Task, report: PageReport): void {
  const messages = task.result?.errors?.map(({ message, stack }) => `${message}\n${stack ?? ""}`);
  report.failed.push({ test: task.fullName, message: (messages ?? []).join("\n") });
}
