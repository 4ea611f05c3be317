/** Running programs that did nothing but import joinery, looked at from outside. */

import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Snapshot } from "joinery/observe";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { joinery, program } from "./support.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

vi.setConfig({ testTimeout: 60_000 });

/** Numbers that differ from run to run, and the folder of the repository. */
function steady(text: string): string {
  return text
    .replaceAll(/\(file:.*\/(\w+\.mjs:\d+:\d+)\)/g, "($1)")
    .replaceAll(/run-\d+/g, "run-#");
}

describe("two tasks that wait for each other's lock", () => {
  test("`why` names the circle, and the lines that wait", async () => {
    const { pid } = await program("deadlock");
    const { status, stdout } = await joinery("why", pid, "signup");
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "signup #5  waits for lock "orders"
           at async both (deadlock.mjs:10:15)
      └─ held by report #6  waits for lock "users"
              at async both (deadlock.mjs:10:15)
         └─ held by signup #5  (see above)
      cycle: signup #5 → lock "orders" → report #6 → lock "users" → signup #5
      "
    `);
    expect(status).toBe(0);
  });

  test("`why` finds them by itself, and takes the number of a task as well", async () => {
    const { pid } = await program("deadlock");
    const { stdout } = await joinery("why", pid);
    expect(stdout).toContain(
      '! Wait for each other: task "signup" → lock "orders" → task "report"',
    );
    expect(stdout).toContain(
      'cycle: signup #5 → lock "orders" → report #6 → lock "users" → signup #5',
    );
    expect((await joinery("why", pid, "5")).stdout).toMatch(
      /^signup #5 {2}waits for lock "orders"/,
    );
  });

  test("`pstree` shows the tree", async () => {
    const { pid } = await program("deadlock");
    const { status, stdout } = await joinery("pstree", pid);
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "process
      └─ run-#
         └─ main  waits for 2 in group "server"
            └─ group server  waits for its children
               ├─ signup  waits for lock "orders" (held by report) at async both (deadlock.mjs:10:15)
               └─ report  waits for lock "users" (held by signup) at async both (deadlock.mjs:10:15)
      ! Wait for each other: task "signup" → lock "orders" → task "report" → lock "users" → task "signup"
      "
    `);
    expect(status).toBe(0);
  });

  test("`ps` shows them as a table", async () => {
    const { pid } = await program("deadlock");
    const { stdout } = await joinery("ps", pid);
    expect(stdout).toMatchInlineSnapshot(`
      "ID  STATE    TASK                    WAITS FOR
      3   waiting  main                    2 in group "server"
      5   waiting  main › server › signup  lock "orders" (held by report #6)
      6   waiting  main › server › report  lock "users" (held by signup #5)
      "
    `);
  });

  test("`dump` shows everything, and `dump --json` gives the snapshot", async () => {
    const { pid } = await program("deadlock");
    const { stdout } = await joinery("dump", pid);
    expect(stdout).toMatch(
      /^process\n[^]*! Wait for each other[^]*CANCELLATIONS[^]*FAILURES\nNone is known\.\n$/,
    );
    const json = JSON.parse((await joinery("dump", pid, "--json")).stdout) as Snapshot;
    expect(json).toMatchObject({ formatVersion: 1, pid, omitted: { scopes: 0 } });
    expect(json.scopes.find(({ name }) => name === "signup")?.waits[0]?.stack).toHaveLength(1);
  });

  test("a task of which there is none, or more than one, is an error", async () => {
    const { pid } = await program("deadlock");
    expect(await joinery("why", pid, "nobody")).toEqual({
      status: 1,
      stdout: "",
      stderr: `joinery: There is no task nobody. joinery ps ${pid} lists them.\n`,
    });
  });
});

test("a program is as it was before, when it has been looked at", async () => {
  const { pid, errors } = await program("deadlock");
  await joinery("pstree", pid);
  await joinery("pstree", pid);
  // Opened and closed twice: Node itself says so, and nothing else is said.
  const lines = errors()
    .split("\n")
    .filter((line) => line !== "");
  expect(lines.map((line) => line.replace(/ ws:.*| see: .*/, ""))).toEqual(
    [1, 2].flatMap(() => ["Debugger listening on", "For help,", "Debugger attached."]),
  );
});

test("a program whose event loop does not turn is shown all the same, without lines", async () => {
  const { pid } = await program("busy");
  const { status, stdout } = await joinery("pstree", pid);
  expect(stdout).toMatch(
    /└─ computes {2}running\n! The event loop does not turn: .* was computes #\d/,
  );
  expect(status).toBe(0);
  const why = await joinery("why", pid);
  expect(why.stdout).toMatch(
    /^! The event loop does not turn: .* was computes #\d\.\n[^]*\ncomputes #\d {2}running\n/,
  );
  const top = await joinery("top", pid);
  expect(top.stderr).toMatch(
    /^joinery: Process \d+ does not get to tell: its event loop does not turn/,
  );
  expect(top.status).toBe(1);
});

describe("a cancellation that a task swallows", () => {
  test("`cancels` says who asked, why, and who goes on", async () => {
    const { pid } = await program("swallows");
    const { status, stdout } = await joinery("cancels", pid);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^main › crew {2}cancelled [\d.]+ m?s ago \(explicit\)\n/);
    expect(stdout).toMatch(/\n {3}asked by main, because: enough\n/);
    expect(stdout).toMatch(
      /\n {3}not over: main › crew › stubborn #\d+, was told \d+ times: awaits/,
    );
    expect(stdout).toMatch(/\n {3}swallowed by stubborn #\d+, which went on\n/);
  });

  test("`pstree` shows it at the task", async () => {
    const { pid } = await program("swallows");
    const { stdout } = await joinery("pstree", pid);
    expect(stdout).toMatch(/stubborn {2}cancelling · .*caught it, and waited again/);
  });

  test("`why` without a task says in words what it does", async () => {
    const { pid } = await program("swallows");
    const { stdout } = await joinery("why", pid);
    expect(stdout).toMatch(
      /\bstubborn #\d+ {2}was asked to stop, and awaits what is not joinery's.* · 1 waits for it, or/,
    );
  });

  test("`why` names the task as the root cause", async () => {
    const { pid } = await program("swallows");
    const { stdout } = await joinery("why", pid, "main");
    expect(stdout).toMatch(/root cause: stubborn #\d+ was asked to stop, and/);
  });

  test("`why` says where it goes on", async () => {
    const { pid } = await program("swallows");
    const { stdout } = await joinery("why", pid, "stubborn");
    expect(steady(stdout)).toMatch(
      /\n {5}caught its cancellation, and went on at (?:async )?stubborn \(swallows\.mjs:\d+:\d+\)\n/,
    );
  });
});

test("of a program with several copies of joinery, the one with the most tasks, and a line that says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "joinery-copies-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const copy = join(folder, "node_modules", "joinery");
  cpSync(join(root, "dist"), join(copy, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  const own = pathToFileURL(join(root, "dist", "core", "index.js")).href;
  const file = join(folder, "copies.mjs");
  writeFileSync(
    file,
    `import * as copy from "joinery";
    import * as own from "${own}";
    for (let i = 0; i < 3; i++) copy.createTask(() => copy.sleep(60_000), { name: "theirs-" + i });
    own.createTask(() => own.sleep(60_000), { name: "mine" });
    setTimeout(() => console.log("ready"), 10);`,
  );
  const { pid } = await program(file);
  const { stdout, stderr } = await joinery("pstree", pid);
  expect(stdout).toContain("theirs-2");
  expect(stderr).toBe(
    `joinery: Process ${pid} has loaded 2 copies of joinery, each with tasks of its own.` +
      ` This is the one with the most, in ${realpathSync(copy)}/ (npm dedupe may make them one).\n`,
  );
});
