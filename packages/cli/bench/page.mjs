// How the inspector page bears 10,000 tasks that come and go, and a recording of 100,000 events: npm run bench -w @joinery/cli
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { Tab } from "./tab.mjs";

const tasks = 10_000;
const seconds = 6;
const command = join(import.meta.dirname, "..", "dist", "main.js");
const program = join(import.meta.dirname, "churn.mjs");
const views = ["tree", "timeline", "cancellations", "locks", "errors"];

const tab = await Tab.open();
await tab.send("Performance.enable");
await tab.send("Page.enable");
await tab.send("Page.addScriptToEvaluateOnNewDocument", { source: `(${observe.toString()})()` });
try {
  await live();
  await recorded();
} finally {
  await tab.close();
}

/** In the page, before anything of its own. */
function observe() {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ entryTypes: ["longtask"] });
  globalThis.heard = { messages: 0, bytes: 0, longest: 0 };
  globalThis.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      this.addEventListener("message", ({ data }) => {
        heard.messages++;
        heard.bytes += data.length;
        heard.longest = Math.max(heard.longest, data.length);
      });
    }
  };
}

/** What the page costs while it follows a program, view by view. */
async function live() {
  const target = await started(process.execPath, ["--inspect-port=0", program, tasks, 1e9]);
  const inspector = await started(process.execPath, [command, "inspect", target.pid]);
  await tab.send("Page.navigate", { url: inspector.line });
  await tab.until(`document.body?.innerText.includes("conn-#")`);
  console.log(`${tasks} tasks that come and go, ${seconds} s of each view`);
  for (const [i, view] of views.entries()) {
    await tab.press(String(i + 1));
    await pause(1500);
    const before = await tab.evaluate("heard");
    const told = await watched(() => pause(seconds * 1000));
    const after = await tab.evaluate("heard");
    const messages = Math.round((after.messages - before.messages) / seconds);
    const mebibytes = ((after.bytes - before.bytes) / seconds / 2 ** 20).toFixed(1);
    console.log(`  ${view}: ${told}; ${messages} messages/s, ${mebibytes} MiB/s`);
  }
  const { longest } = await tab.evaluate("heard");
  console.log(`  longest message ${Math.round(longest / 1024)} KiB`);
  target.child.kill("SIGKILL");
  await once(inspector.child, "exit");
}

/** What it costs to open a recording, and to look around in it. */
async function recorded() {
  const folder = mkdtempSync(join(tmpdir(), "joinery-bench-"));
  try {
    const file = join(folder, "trace.json");
    const options = ["record", "-o", file, "--", program, tasks, 100_000 / 6];
    execFileSync(process.execPath, [command, ...options.map(String)], { stdio: "ignore" });
    const text = readFileSync(file, "utf8");
    const { events, snapshots } = JSON.parse(text);
    const size = (text.length / 2 ** 20).toFixed(1);
    console.log(`a recording: ${events.length} events, ${snapshots.length} snapshots, ${size} MiB`);
    const inspector = await started(process.execPath, [command, "inspect", file]);
    const opened = await watched(async () => {
      await tab.send("Page.navigate", { url: inspector.line });
      await tab.until(`document.querySelector(".status")?.innerText === "recorded"`);
      await pause(300);
    });
    console.log(`  opened: ${opened}`);
    for (const [i, view] of views.entries())
      console.log(`  ${view}: ${await watched(() => lookAround(i))}`);
    inspector.child.kill("SIGINT");
    await once(inspector.child, "exit");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function lookAround(view) {
  await tab.press(String(view + 1));
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "PageDown", "+", "+", "-", "0"]) {
    await tab.press(key);
    await pause(250);
  }
}

/** What the main thread of the page did meanwhile. */
async function watched(body) {
  const begin = performance.now();
  const [before, known] = [
    await busySeconds(),
    (await tab.evaluate("globalThis.longTasks"))?.length ?? 0,
  ];
  await body();
  const took = (performance.now() - begin) / 1000;
  const all = await tab.evaluate("longTasks");
  // Of a page that was opened meanwhile, all.
  const long = all.length >= known ? all.slice(known) : all;
  const nodes = await tab.evaluate("document.querySelectorAll('*').length");
  const busy = Math.round((((await busySeconds()) - before) / took) * 100);
  const longest =
    long.length === 0
      ? "none longer than 50 ms"
      : `longest task ${Math.round(Math.max(...long))} ms (${long.length} over 50)`;
  return `${nodes} nodes, busy ${busy} %, ${longest}`;
}

async function busySeconds() {
  const { metrics } = await tab.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
}

/** A program, and the first line that it says. */
async function started(file, args) {
  const child = spawn(file, args.map(String), { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, pid: child.pid, line };
}
