/** What cannot be looked at: one line, and a status other than 0. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { run } from "joinery";
import { WebSocketServer } from "ws";
import { findInProc } from "../src/attach/proc.ts";
import { ProtocolSession } from "../src/attach/protocol-session.ts";
import { findByPs } from "../src/attach/ps.ts";
import { refusals } from "../src/attach/running-process.ts";
import { command, fixture, joinery, program, running } from "./support.ts";

vi.setConfig({ testTimeout: 60_000 });

async function refusal(pid: number, ...look: string[]): Promise<string> {
  const { status, stdout, stderr } = await joinery(look[0] ?? "pstree", pid, ...look.slice(1));
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  return stderr.trimEnd().replaceAll(String(pid), "PID");
}

/** A process that is no Node, and would not survive a SIGUSR1. */
async function sleeper(): Promise<{ pid: number; ended: () => boolean }> {
  const child = spawn("sleep", ["60"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  return {
    pid: child.pid as number,
    ended: () => child.exitCode !== null || child.signalCode !== null,
  };
}

test("a process that is gone", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  expect(await refusal(child.pid as number)).toBe("joinery: There is no process PID.");
});

test("a process that is no Node, and lives on", async () => {
  const { pid, ended } = await sleeper();
  const expected =
    "joinery: Process PID is sleep, and no Node: only Node opens its inspector when it is asked to.";
  expect(await refusal(pid)).toBe(expected);
  expect(ended()).toBe(false);
});

test.for(["bun", "deno"])("a process of %s, with what can be done instead", (name) => {
  expect(refusals.noNode(7, name)).toBe(
    `Process 7 is run by ${name}, which opens no inspector when it is asked to.` +
      " If the program has called printTreeOnSignal() of joinery/observe, kill -USR2 7 makes it print its tree.",
  );
});

test("a program without joinery", async () => {
  const { pid } = await program("stranger");
  expect(await refusal(pid)).toMatch(
    /^joinery: Process PID has not loaded joinery, or has it bundled/,
  );
});

test("a program that was bundled into one file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "joinery-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, "bundle.mjs");
  const options = { bundle: true, format: "esm", platform: "node", target: "node20" } as const;
  await build({ entryPoints: [fixture("deadlock")], outfile, ...options });
  const { pid } = await program(outfile);
  expect(await refusal(pid, "why", "signup")).toMatch(/bundled into a file of its own/);
});

test("a process that is stopped", async () => {
  const { pid, child } = await program("deadlock");
  child.kill("SIGSTOP");
  expect(await refusal(pid)).toBe(
    "joinery: Process PID is stopped. Let it go on with: kill -CONT PID",
  );
});

test("a program whose inspector would find its port taken: it hears nothing of it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { pid, errors } = await running(process.execPath, [
    `--inspect-port=${port}`,
    fixture("deadlock"),
  ]);
  expect(await refusal(pid)).toMatch(
    `joinery: Port ${port}, where process PID would open its inspector, is taken`,
  );
  expect(errors()).toBe("");
});

/** What another user is told. */
async function findAsNobody(pid: number): Promise<string> {
  const script = `import { findInProc } from "${new URL("../dist/attach/proc.js", import.meta.url).href}";
    process.setuid(65_534); // from here on: the folder of the repository may be closed to others
    try { findInProc(${pid}) } catch ({ message }) { console.log(message) }`;
  const { stdout } = await command(process.execPath, ["--input-type=module", "-e", script]);
  return stdout;
}

test.skipIf(process.getuid?.() !== 0)("a process of another user", async () => {
  const { pid } = await program("deadlock");
  expect(await findAsNobody(pid)).toBe(
    `Process ${pid} belongs to another user (uid 0): only that user and root can look at it.\n`,
  );
});

describe.skipIf(process.getuid?.() !== 0)("a process that has changed its user", () => {
  const dropped = `process.setuid(65_534); console.log("ready"); setInterval(() => {}, 1000);`;
  const start = () => running(process.execPath, ["--input-type=module", "-e", dropped]);

  test("belongs to that user, whatever its files in /proc say", async () => {
    const { pid } = await start();
    expect(findInProc(pid).owner).toBe(65_534);
  });

  test("is hidden from that user", async () => {
    const { pid } = await start();
    expect(await findAsNobody(pid)).toBe(
      `Process ${pid} is not shown to this user: it has changed its own, or has more rights. Try again as root.\n`,
    );
  });
});

test("a process that ends while it is looked at", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => server.close());
  await once(server, "listening");
  server.on("connection", (socket) =>
    socket.on("message", (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id: number };
      socket.send(
        JSON.stringify({ id, error: { message: "Cannot find context with specified id" } }),
      );
    }),
  );
  const { port } = server.address() as AddressInfo;
  await run(async () => {
    const session = await ProtocolSession.open(`ws://127.0.0.1:${port}`);
    await expect(session.send("Runtime.evaluate")).rejects.toThrow("The process has ended, or");
    await session.close();
  });
});

describe("by `ps`, where there is no /proc", () => {
  test("a Node is found, with the port at which its inspector opens", async () => {
    const { pid } = await program("stranger");
    expect(findByPs(pid)).toMatchObject({ pid, owner: process.getuid?.(), inspectorPort: 0 });
  });

  test("others are refused", async () => {
    const { pid } = await sleeper();
    expect(() => findByPs(pid)).toThrow(`Process ${pid} is sleep, and no Node`);
    expect(() => findByPs(2 ** 22 + 1)).toThrow(`There is no process ${2 ** 22 + 1}.`);
  });
});

test.each([
  [["pstree"], "missing required argument 'PID'"],
  [["pstree", "zero"], "It has to be a whole number."],
  [["pstree", "0"], "It has to be the number of a process."],
  [["sing"], "unknown command 'sing'"],
  [["record", "x.mjs", "--format", "gif"], "Allowed choices are joinery, chrome."],
  [["run", "missing.mjs"], "joinery: There is no file missing.mjs."],
  [
    ["record", "x.mjs", "-o", "/missing/trace.json"],
    "joinery: The recording cannot be written: ENOENT",
  ],
  [["inspect", "x.json", "--port", "99999"], "It has to be a port: 0 to 65535."],
  [["inspect", "missing.json"], "joinery: There is no file missing.json."],
  [["run", "/etc/hostname"], "joinery: /etc/hostname has no joinery"],
])("joinery %s is refused", async (args, message) => {
  const { status, stderr } = await joinery(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
});
