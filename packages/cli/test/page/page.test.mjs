import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../scripts/chromium.mjs";
import { serveInspector } from "../../dist/inspector/serve.js";
import { ownProcess } from "./live.mjs";
import { start } from "./programs.mjs";

let browser;
let page;
/** What the page must not do: say something on the console, throw, ask another origin. */
let complaints;
let cleanups;

beforeAll(async () => {
  browser = await launchChromium(process.env.JOINERY_PAGE_TOOLS);
});

afterAll(() => browser.close());

beforeEach(async () => {
  complaints = [];
  const context = await browser.newContext({ reducedMotion: "reduce", colorScheme: "light" });
  cleanups = [() => context.close()];
  page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
});

afterEach(async () => {
  for (const cleanUp of cleanups.toReversed()) await cleanUp();
  expect(complaints).toEqual([]);
});

/** Runs a program, and opens the page on it. */
async function look(name) {
  const source = ownProcess(`node ${name}.js`);
  const stop = start(name);
  const server = await serveInspector(source);
  const { origin } = new URL(server.url);
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) complaints.push(url);
  });
  cleanups.push(async () => {
    await page.goto("about:blank");
    await server.close();
    await stop();
    source.stop();
  });
  await page.goto(server.url);
  await page.getByText(`node ${name}.js`).waitFor();
  return source;
}

/** The line of the tree, or the lane, of that name. */
const lineOf = (role, name) => {
  const title = page.locator(".title", { hasText: new RegExp(`^${name}$`) });
  return page.getByRole(role).filter({ has: title });
};
const row = (name) => lineOf("treeitem", name);

test("a deadlock is diagnosed in two clicks", async () => {
  await look("deadlock");
  await page.getByRole("button", { name: "Deadlock" }).click();
  const cycle = page.getByRole("region", { name: "Tasks that wait for each other" });
  await cycle.getByRole("button", { name: "report" }).click();
  const text = await cycle.innerText();
  expect(text).toContain('waits for lock "orders"');
  expect(text).toContain('waits for lock "users"');
  const details = page.getByRole("complementary", { name: "Details of report" });
  expect(await details.innerText()).toContain("which is held by");
  expect(await details.innerText()).toContain("programs.mjs");
});

test("ten thousand tasks are a few lines, and the page answers at once", async () => {
  await look("crowd");
  await row("conn-#").first().waitFor();
  expect(await page.getByRole("treeitem").count()).toBeLessThan(12);
  expect(await row("conn-#").first().innerText()).toContain("× 9,000");
  await row("conn-#").first().getByRole("button", { name: "Show one by one" }).click();
  await row("conn-17").first().waitFor();
  expect(await page.getByRole("treeitem").count()).toBeLessThan(100);
  await page.keyboard.press("/");
  await page.keyboard.type("conn-9876");
  await row("conn-9876").waitFor();
});

test("of ten thousand tasks that come and go, as much is in the document as is in view", async () => {
  const messages = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => messages.push(JSON.parse(payload))),
  );
  await look("churn");
  const crowd = row("conn-#").first();
  await crowd.waitFor();
  const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
  for (const key of ["2", "3", "4", "5", "1"]) {
    await page.keyboard.press(key);
    await page.waitForFunction(() => document.querySelector(".view").innerText !== "");
    expect(await nodes(), `nodes in view ${key}`).toBeLessThan(400);
  }
  await crowd.getByRole("button", { name: "Show one by one" }).click();
  await row("conn-\\d+").first().waitFor();
  await page.getByRole("tree").evaluate((list) => list.scrollTo(0, 120_000));
  await page
    .getByRole("treeitem")
    .filter({ hasText: /conn-\d{4,}/ })
    .first()
    .waitFor();
  expect(await page.getByRole("treeitem").count()).toBeLessThan(60);
  expect(await nodes()).toBeLessThan(1000);
  const lengths = messages.map(({ events, scopes }) => (events ?? scopes ?? []).length);
  expect(Math.max(...lengths)).toBe(500);
});

test("a cancellation shows who resists, who caught it, and where a shield kept it off", async () => {
  await look("wave");
  await page.keyboard.press("3");
  const node = (role, text) => page.locator(`.wave-node.role-${role}`).filter({ hasText: text });
  await node("resisting", "stubborn").waitFor();
  expect(await node("resisting", "stubborn").textContent()).toMatch(/resists \d/);
  await node("resisting", "swallower").waitFor();
  expect(await node("resisting", "swallower").locator(".flag").count()).toBe(1);
  expect(await node("wall", "shield").locator(".wall").count()).toBe(1);
  await node("sheltered", "commit").waitFor();
  await node("stopped", "fetch-# × 6").waitFor();
  await node("asker", "deployer").waitFor();
  await node("resisting", "stubborn").press("Enter");
  await page.getByRole("complementary", { name: "Details of stubborn" }).waitFor();
});

test("errors are a tree, each leaf with its path", async () => {
  await look("failure");
  await page.keyboard.press("5");
  const leaf = page.getByRole("treeitem", { level: 3 }).filter({ hasText: "RangeError" });
  await leaf.waitFor();
  expect(await leaf.innerText()).toContain("main › server › nightly › import › load › fetch-pages");
  await page.getByRole("button", { name: "what it took down" }).click();
  await page.locator(".wave-node.role-stopped").filter({ hasText: "index" }).waitFor();
});

test("the timeline has a lane for each, brackets and arrows, and can be scaled", async () => {
  await look("failure");
  await page.keyboard.press("2");
  await lineOf("listitem", "fetch-users").waitFor();
  expect(await page.locator(".bracket").count()).toBeGreaterThan(2);
  expect(await page.locator(".arrow.is-creation").count()).toBeGreaterThan(3);
  const bar = page.locator(".bar").first();
  const before = Number(await bar.getAttribute("width"));
  await page.keyboard.press("+");
  await expect
    .poll(async () => Number(await bar.getAttribute("width")) / before)
    .toBeGreaterThan(1.5);
});

test("a recorded file is opened in place of what runs, and a bad one is refused", async () => {
  await look("deadlock");
  const folder = await mkdtemp(join(tmpdir(), "joinery-page-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const [good, bad] = [join(folder, "trace.json"), join(folder, "other.json")];
  const tests = join(import.meta.dirname, "..");
  const command = join(tests, "..", "dist", "main.js");
  const program = join(tests, "fixtures", "swallows.mjs");
  await promisify(execFile)(process.execPath, [command, "record", "-o", good, program, "3"]);
  await writeFile(bad, "{}");
  const choose = page.locator("input[type=file]");
  await choose.setInputFiles(bad);
  await page.getByText("other.json: This is no recording").waitFor();
  await choose.setInputFiles(good);
  await page.locator(".program", { hasText: "swallows.mjs" }).waitFor();
  expect(await page.getByRole("status").innerText()).toBe("recorded");
  await page.keyboard.press("3");
  await page.locator(".wave-node .flag").first().waitFor();
  await page.keyboard.press("2");
  expect(await page.locator(".mark.is-swallowed").count()).toBeGreaterThan(0);
});

test("`joinery inspect FILE` shows the moment at which most was going on, with a slider", async () => {
  const folder = await mkdtemp(join(tmpdir(), "joinery-page-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const file = join(folder, "trace.json");
  const tests = join(import.meta.dirname, "..");
  const command = join(tests, "..", "dist", "main.js");
  const program = join(tests, "fixtures", "works.mjs");
  await promisify(execFile)(process.execPath, [command, "record", "-o", file, program]);
  const server = await serveInspector({ title: "a file", recording: file });
  cleanups.push(() => server.close());
  await page.goto(server.url);
  await row("worker-1").waitFor();
  expect(await page.getByRole("status").innerText()).toBe("recorded");
  await page.getByRole("slider", { name: "Moment" }).press("End");
  await row("worker-1").waitFor({ state: "detached" });
});

const ground = () =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

describe("looks and keys", () => {
  test("dark and light: as the system has it, and by a key", async () => {
    await look("deadlock");
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.keyboard.press("t");
    await page.keyboard.press("t");
    expect(await ground()).toBe(light);
  });

  test("arrows walk the tree, numbers turn to the views, ? explains", async () => {
    await look("deadlock");
    await row("signup").waitFor();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
    expect(await page.locator("[aria-selected=true][role=treeitem]").innerText()).toContain(
      "group server",
    );
    await page.keyboard.press("ArrowLeft");
    await row("signup").waitFor({ state: "detached" });
    await page.keyboard.press("ArrowRight");
    await row("signup").waitFor();
    await page.keyboard.press("4");
    await page.getByRole("heading", { name: "Locks and queues" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Help" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Help" }).waitFor({ state: "detached" });
  });
});
