/** Web Workers as threads, in Chromium: in a page with shared memory, and in one without. */

import { executorConformance } from "joinery/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../scripts/chromium.mjs";
import { servePages } from "./server.mjs";

let browser;
beforeAll(async () => {
  browser = await launchChromium(process.env.JOINERY_PAGE_TOOLS);
});
afterAll(() => browser?.close());

const nothing = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };

/** A page for the tests of a block. */
function pages(isolated) {
  let server;
  let page;
  const said = [];
  beforeAll(async () => {
    server = await servePages({ isolated });
    const context = await browser.newContext();
    page = await context.newPage();
    page.on("console", (message) => {
      if (message.type() === "warning") said.push(message.text());
    });
    page.on("pageerror", ({ message }) => said.push(message));
    await page.goto(server.url);
    return async () => {
      await context.close();
      server.close();
    };
  });
  beforeEach(() => {
    server.forget();
    said.length = 0;
  });
  const inPage = (name, ...args) =>
    page.evaluate(([fn, values]) => globalThis.tests[fn](...values), [name, args]);
  return { said, inPage };
}

const why = "workers are part of the page, and end with it";
const cases = executorConformance({
  killWorker: () => {},
  notApplicable: { closeWorker: why, freezeWorker: why, startParent: why, restartServer: why },
});
const ambient = new Map([["deadlines travel", "timeLeft() needs AsyncLocalStorage"]]);
const reasonOf = ({ name, notApplicable }) => notApplicable ?? ambient.get(name);

describe.each([
  ["in a page that is cross-origin isolated", true],
  ["in a page without shared memory", false],
])("%s", (_, isolated) => {
  const { inPage, said } = pages(isolated);

  test("the page is what it is said to be", async () => {
    expect(await inPage("isIsolated")).toBe(isolated);
  });

  test.for(cases.filter((each) => !reasonOf(each)))("$name", async ({ name }) => {
    expect(await inPage("conformance", name)).toEqual({ left: nothing });
    expect(said).toEqual([]);
  });

  test("a function that waits is stopped, cleans up, and its worker survives", async () => {
    expect(await inPage("cancels", "sleeps")).toEqual({
      cancelled: true,
      survived: true,
      journal: ["begun", "cleaned up: explicit"],
      left: nothing,
    });
    expect(said).toEqual([]);
  });

  test("a function that never looks is ended with its worker after grace, and a warning", async () => {
    const { cancelled, survived } = await inPage("cancels", "neverLooks", { grace: 50 });
    expect({ cancelled, survived }).toEqual({ cancelled: true, survived: false });
    expect(said).toEqual([expect.stringMatching(/JOINERY_TERMINATED.*ended with thread 1/)]);
  });

  test.each([
    ["crashes", "nobody catches this"],
    ["rejects", "nobody handles this"],
    ["closes", "the worker ended"],
  ])("a worker that ends loses its call, and the next one runs: %s", async (name, message) => {
    expect(await inPage("loses", name)).toEqual({
      lost: "worker",
      message: expect.stringContaining(message),
      next: "thread 2",
    });
  });

  test("an idempotent call is run again, in another worker", async () => {
    expect(await inPage("runsAgain")).toBe(2);
  });

  test("values are moved there and back, where they are said to be", async () => {
    expect(await inPage("moves")).toEqual([0, 1 << 20, 10, 1]);
  });

  test("what cannot be cloned is an error of the call, and the worker survives", async () => {
    expect(await inPage("refuses")).toEqual({
      names: ["DataCloneError", "DataCloneError"],
      survived: true,
    });
  });

  test("calls beyond the workers wait in order; one that is cancelled leaves at once", async () => {
    expect(await inPage("waitsInOrder")).toEqual({
      order: ["first", "second"],
      states: ["running", "waiting", "waiting"],
    });
  });

  test("a worker of one's own serves what it imports", async () => {
    expect(await inPage("ownWorker")).toBe("served");
  });

  test.each([
    ["module", /missing\.mjs/],
    ["script", /No thread could be started: .*does not load/],
    ["worker", /No thread could be started: no worker today/],
  ])("an error of the call is a %s that does not load, each time", async (kind, message) => {
    const error = expect.objectContaining({ message: expect.stringMatching(message) });
    expect(await inPage("failsToStart", kind)).toEqual([error, error]);
  });
});

describe("a loop that never waits", () => {
  describe("with shared memory", () => {
    const { inPage, said } = pages(true);
    test("sees that it is to stop, cleans up, and its worker survives", async () => {
      const { cancelled, survived, journal } = await inPage("cancels", "loops");
      expect({ cancelled, survived }).toEqual({ cancelled: true, survived: true });
      expect(journal).toEqual(["begun", "cleaned up"]);
      expect(said).toEqual([]);
    });
  });

  describe("without it", () => {
    const { inPage, said } = pages(false);
    test("hears nothing, and is ended with its worker after grace", async () => {
      const { cancelled, survived, journal } = await inPage("cancels", "loops", { grace: 50 });
      expect({ cancelled, survived }).toEqual({ cancelled: true, survived: false });
      expect(journal).toEqual(["begun"]);
      expect(said).toHaveLength(1);
    });
  });
});

test("what of the contract does not apply, and why", () => {
  const others = cases.filter(reasonOf).map((each) => `${each.name}: ${reasonOf(each)}`);
  expect(others).toMatchInlineSnapshot(`
    [
      "deadlines travel: timeLeft() needs AsyncLocalStorage",
      "a worker that closes finishes what it runs, and takes nothing more: workers are part of the page, and end with it",
      "an idempotent child that a closing worker does not finish in time is run again elsewhere, after its cleanup: workers are part of the page, and end with it",
      "a child that a closing worker does not finish in time is lost after its cleanup, and not run again: workers are part of the page, and end with it",
      "nothing outlives a parent that is killed: after lease and grace its children have ended, and none begins: workers are part of the page, and end with it",
      "a server that is killed and started again loses no result, and runs nothing twice: workers are part of the page, and end with it",
      "a frozen worker that wakes up is fenced off: workers are part of the page, and end with it",
    ]
  `);
});
