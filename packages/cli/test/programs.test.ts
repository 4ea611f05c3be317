/** Programs that joinery starts: `run` and `record`. And what is redrawn on a terminal. */

import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventRecord } from "joinery/observe";
import { WebSocket } from "ws";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ChromeTrace } from "../src/trace/chrome.ts";
import type { Trace } from "../src/trace/trace-file.ts";
import { fixture, inPipes, joinery, onTerminal, program } from "./support.ts";

vi.setConfig({ testTimeout: 60_000 });

async function recorded(
  name: string,
  ...args: string[]
): Promise<{ status: number; trace: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), "joinery-recorded-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "trace.json");
  const { status } = await joinery("record", fixture(name), "-o", file, ...args);
  return { status, trace: JSON.parse(readFileSync(file, "utf8")) as unknown };
}

describe("record", () => {
  test("writes all that happened, with a snapshot at either end", async () => {
    const { status, trace: written } = await recorded("works", "--", "4");
    const trace = written as Trace;
    expect(status).toBe(4);
    expect(trace).toMatchObject({
      format: "joinery-trace",
      formatVersion: 1,
      command: `node ${fixture("works")} 4`,
      runtime: `node ${process.versions.node}`,
    });
    const ended = trace.events.filter(({ type }) => type === "ended");
    const names = ended.map(({ scope, outcome }) => `${scope.name} ${outcome}`);
    expect(names).toEqual(["worker-0 done", "worker-1 done", "worker-2 done", "main done"]);
    const { snapshots } = trace;
    expect(snapshots.map(({ pid }) => pid)).toEqual(snapshots.map(() => trace.pid));
    expect([snapshots[0]?.scopes.length, snapshots.at(-1)?.scopes.length]).toEqual([1, 1]);
    expect(trace.events.every(({ at }) => at >= trace.startedAt)).toBe(true);
  });

  test("has the cancellation that a task swallowed", async () => {
    const { trace: written } = await recorded("swallows", "--", "3");
    const trace = written as Trace;
    const told = trace.events.filter(({ type }) => type === "cancelled" || type === "swallowed");
    const lines = told.map(({ type, scope, how, times, cancellation }: EventRecord) =>
      [type, scope.name, cancellation?.reason, how, times].join(" ").trimEnd(),
    );
    expect(lines).toEqual([
      "cancelled crew enough",
      "swallowed stubborn enough waited 2",
      "swallowed stubborn enough waited 3",
      "swallowed stubborn enough returned 3",
    ]);
  });

  test("a program that fails: with its errors, and its status", async () => {
    const { status, trace: written } = await recorded("fails");
    const trace = written as Trace;
    expect(status).toBe(1);
    const grouped = trace.events.find(({ type }) => type === "grouped");
    const texts = grouped?.error?.errors?.map(({ text }) => text);
    expect(texts).toEqual(["Error: no disk", "Error: no network"]);
    const failed = trace.snapshots.at(-1)!.failures.map(({ task }) => task.name);
    expect(failed).toContain("fetcher");
  });

  test("--format chrome writes what Perfetto opens", async () => {
    const { trace: written } = await recorded("swallows", "--format", "chrome", "--", "3");
    const trace = written as ChromeTrace;
    const { traceEvents } = trace;
    const titles = traceEvents
      .filter(({ name }) => name === "thread_name")
      .map(({ args }) => args?.["name"]);
    expect(titles).toEqual(expect.arrayContaining(["main", "stubborn"]));
    const marks = traceEvents.filter(({ ph }) => ph === "i").map(({ name }) => name.split(":")[0]);
    expect(marks).toEqual(["cancelled", "swallowed", "swallowed", "swallowed"]);
    expect(traceEvents.filter(({ ph }) => ph === "X").every(({ dur }) => dur! >= 0)).toBe(true);
  });
});

describe("run", () => {
  test("without a terminal is the program alone, with its arguments and its status", async () => {
    const { status, stdout, stderr } = await joinery("run", fixture("works"), "3", "--port", "80");
    expect(stdout).toBe("terminal: false, arguments: 3 --port 80\ndone\n");
    expect(stderr).toBe("");
    expect(status).toBe(3);
  });

  test("on a terminal draws the live tree below the output, and takes it away at the end", async () => {
    const terminal = onTerminal("run", fixture("works"), "3");
    expect(await terminal.ended()).toBe(3);
    expect(terminal.output).toMatch(/4 tasks: 4 waiting[^]*worker-2[^]*waits for sleep/);
    expect(terminal.output).toMatch(/^[^]*arguments: 3\r\n[^]*done\r\n/);
    // After the last tree, each of its lines is erased.
    const [last = ""] = terminal.output.split("worker-2").slice(-1);
    expect(last.split("\u001B[2K").length - 1).toBeGreaterThanOrEqual(9);
  });

  test("on a terminal, Ctrl-C ends the program, which cleans up", async () => {
    const terminal = onTerminal("run", fixture("deadlock"));
    await terminal.shows("Wait for each other");
    terminal.press("\u0003");
    expect(await terminal.ended()).toBe(130);
  });
});

describe("top", () => {
  test("on a terminal is redrawn, until Ctrl-C", async () => {
    const { pid, child } = await program("deadlock");
    const terminal = onTerminal("top", pid, "--every", 100);
    await terminal.shows("3 tasks: 3 waiting");
    terminal.press("\u0003");
    expect(await terminal.ended()).toBe(130);
    expect(child.exitCode).toBeNull();
  });

  test("elsewhere writes one tree below the other, without colors, until the process ends", async () => {
    const { pid, child } = await program("deadlock");
    const top = inPipes("top", pid, "--every", 100);
    await top.shows("3 tasks: 3 waiting", 2);
    child.kill("SIGKILL");
    expect(await top.ended()).toBe(0);
    expect(top.output).not.toContain("\u001B");
  });

  test("`cancels --follow` does the same with cancellations", async () => {
    const { pid, child } = await program("swallows");
    const follow = inPipes("cancels", pid, "--follow", "--every", 100);
    await follow.shows("swallowed by stubborn", 2);
    child.kill("SIGKILL");
    expect(await follow.ended()).toBe(0);
  });
});

/** The first messages that the page at `url` hears. */
async function heard(url: string, count: number): Promise<object[]> {
  const { origin, host, search } = new URL(url);
  const socket = new WebSocket(`ws://${host}/feed${search}`, { origin });
  const messages: object[] = [];
  socket.on("message", (data: Buffer) => messages.push(JSON.parse(data.toString()) as object));
  while (messages.length < count) await once(socket, "message");
  socket.terminate();
  return messages;
}

describe("inspect", () => {
  test("serves the page of a process, until it ends", async () => {
    const { pid, child } = await program("deadlock");
    const inspect = inPipes("inspect", pid);
    await inspect.shows("\n");
    const url = inspect.output.trim();
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace(/token=.*/, "token=x"))).status).toBe(403);
    const messages = await heard(url, 3);
    expect(messages[0]).toEqual({ title: `process ${pid}`, recorded: false });
    const named = { scopes: expect.arrayContaining([expect.objectContaining({ name: "signup" })]) };
    expect(messages[1]).toMatchObject(named);
    expect(messages[2]).toMatchObject({ snapshot: { pid, warnings: [{ kind: "wait-cycle" }] } });
    child.kill("SIGKILL");
    expect(await inspect.ended()).toBe(0);
  });

  test("serves the page of a recorded file, until Ctrl-C", async () => {
    const folder = mkdtempSync(join(tmpdir(), "joinery-recorded-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "trace.json");
    await joinery("record", fixture("swallows"), "-o", file, "--", "3");
    const inspect = inPipes("inspect", file);
    await inspect.shows("\n");
    const url = new URL(inspect.output.trim());
    expect(await heard(url.href, 1)).toEqual([
      { title: `node ${fixture("swallows")} 3`, recorded: true },
    ]);
    const served = await fetch(new URL(`/recording${url.search}`, url));
    expect(await served.text()).toBe(readFileSync(file, "utf8"));
    inspect.interrupt();
    expect(await inspect.ended()).toBe(130);
  });

  test("at a port that is taken is refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "joinery-recorded-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "trace.json");
    await joinery("record", fixture("swallows"), "-o", file, "--", "3");
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    expect(await joinery("inspect", file, "--port", port)).toEqual({
      status: 1,
      stdout: "",
      stderr: `joinery: The page cannot be served: listen EADDRINUSE: address already in use 127.0.0.1:${port}.\n`,
    });
  });

  test("of what is no recording is refused", async () => {
    const { status, stderr } = await joinery("inspect", fixture("works"));
    expect(stderr).toBe(`joinery: ${fixture("works")} is no recording of joinery.\n`);
    expect(status).toBe(1);
  });
});

test("the help lists the commands, and says what each is for", async () => {
  const { status, stdout } = await joinery("--help");
  expect(status).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "Usage: joinery [options] [command]

    Looks at programs that use joinery: what is running under whom, what it waits
    for, and why.

    Options:
      -V, --version                      output the version number
      -h, --help                         display help for command

    Commands:
      ps [PID]                           the tasks of a process as a table; without
                                         PID, the Node processes that can be asked
      pstree <PID>                       the tree of tasks, and the line at which
                                         each waits
      why <PID> [TASK]                   the chain of waits from a task to the root
                                         cause, or the cycle; without TASK, of all
                                         that is stuck
      dump [options] <PID>               everything that is known of this moment
      top [options] <PID>                the live tree, redrawn until the process
                                         ends or Ctrl-C
      cancels [options] <PID>            the last cancellations: who asked, why, and
                                         who has not reacted
      inspect [options] <PID|FILE>       serves the inspector page, of a process or
                                         of a recorded file, until it ends or Ctrl-C
      run <FILE> [args...]               runs a program with the live tree below its
                                         output
      record [options] <FILE> [args...]  runs a program, and writes all that happens
                                         in it into a file
      help [command]                     display help for command

    PID is a Node process of yours that imports joinery. It needs no preparation, and
    may hang: its inspector is opened on the loopback for the moment of a look (the
    README of @joinery/cli says what that means for security).
    "
  `);
});
