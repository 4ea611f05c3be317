/** What there is to type: the commands, their arguments and what they do. */

import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { run } from "joinery";
import { inspect } from "./commands/inspect.ts";
import { showLive } from "./commands/live.ts";
import { cancels, dump, ps, pstree, why } from "./commands/looks.ts";
import { record, type RecordOptions } from "./commands/record.ts";
import { runProgram } from "./commands/run.ts";
import { Failure } from "./failure.ts";
import { cancellationText } from "./views/cancellations.ts";
import { liveTree } from "./views/live-tree.ts";

export function createProgram(): Command {
  const program = new Command("joinery")
    .description(
      "Looks at programs that use joinery: what is running under whom, what it waits for, and why.",
    )
    .version(version())
    .enablePositionalOptions()
    .showHelpAfterError("(joinery --help lists the commands)")
    .addHelpText("after", notes);
  addLooks(program);
  addLive(program);
  addStarts(program);
  return program;
}

const notes = `
PID is a Node process of yours that imports joinery. It needs no preparation, and
may hang: its inspector is opened on the loopback for the moment of a look (the
README of @joinery/cli says what that means for security).`;

function addLooks(program: Command): void {
  program
    .command("ps")
    .description(
      "the tasks of a process as a table; without PID, the Node processes that can be asked",
    )
    .argument("[PID]", "the process", toPid)
    .action((pid?: number) => look(() => ps(pid)));
  program
    .command("pstree")
    .description("the tree of tasks, and the line at which each waits")
    .argument("<PID>", "the process", toPid)
    .action((pid: number) => look(() => pstree(pid)));
  program
    .command("why")
    .description(
      "the chain of waits from a task to the root cause, or the cycle; without TASK, of all that is stuck",
    )
    .argument("<PID>", "the process", toPid)
    .argument("[TASK]", "the name or the number of a task")
    .action((pid: number, task?: string) => look(() => why(pid, task)));
  program
    .command("dump")
    .description("everything that is known of this moment")
    .argument("<PID>", "the process", toPid)
    .option("--json", "as the snapshot itself, in JSON")
    .action((pid: number, options: { json?: true }) => look(() => dump(pid, options)));
}

function addLive(program: Command): void {
  program
    .command("top")
    .description("the live tree, redrawn until the process ends or Ctrl-C")
    .argument("<PID>", "the process", toPid)
    .addOption(every())
    .action((pid: number, options: Every) => look(() => showLive(pid, options.every, liveTree)));
  program
    .command("cancels")
    .description("the last cancellations: who asked, why, and who has not reacted")
    .argument("<PID>", "the process", toPid)
    .option("--follow", "redrawn, and from now on with those that are over")
    .addOption(every())
    .action((pid: number, { follow, ...options }: Every & { follow?: true }) =>
      look(() => (follow ? showLive(pid, options.every, cancellationText) : cancels(pid))),
    );
  program
    .command("inspect")
    .description(
      "serves the inspector page, of a process or of a recorded file, until it ends or Ctrl-C",
    )
    .argument("<PID|FILE>", "the process, or a file that joinery record wrote")
    .option("--port <number>", "the port of the page (default: a free one)", toPort)
    .action((what: string, options: { port?: number }) => look(() => inspect(what, options)));
}

function addStarts(program: Command): void {
  program
    .command("run")
    .description("runs a program with the live tree below its output")
    .argument("<FILE>", "the program")
    .argument("[args...]", "its arguments")
    .passThroughOptions()
    .action((file: string, args: string[]) => start(() => runProgram(file, args)));
  program
    .command("record")
    .description("runs a program, and writes all that happens in it into a file")
    .argument("<FILE>", "the program")
    .argument("[args...]", "its arguments; options of its own come after --")
    .option("-o, --output <file>", "the file to write", "trace.json")
    .addOption(
      new Option("--format <format>", "chrome is what Perfetto and Chrome open")
        .choices(["joinery", "chrome"])
        .default("joinery"),
    )
    .action((file: string, args: string[], options: RecordOptions) =>
      start(() => record(file, args, options)),
    );
}

interface Every {
  every: number;
}

function every(): Option {
  const option = new Option("--every <ms>", "milliseconds from one look to the next");
  return option.default(1000).argParser(toWhole);
}

function toPid(text: string): number {
  const pid = toWhole(text);
  if (pid > 0) return pid;
  throw new InvalidArgumentError("It has to be the number of a process.");
}

function toWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It has to be a whole number.");
}

function toPort(text: string): number {
  const port = toWhole(text);
  if (port < 65_536) return port;
  throw new InvalidArgumentError("It has to be a port: 0 to 65535.");
}

/** Ctrl-C cancels it: whatever it has opened is closed again. */
function look(body: () => Promise<void>): Promise<void> {
  return orSay(() => run(body, { name: "joinery" }));
}

/** Ends as the program does, which hears of Ctrl-C itself. */
function start(body: () => Promise<number>): Promise<void> {
  return orSay(async () => {
    process.exitCode = await run(body, { name: "joinery", handleSignals: false });
  });
}

async function orSay(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`joinery: ${error.message}`);
    process.exitCode = 1;
  }
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
