/** The commands that look at a running program once. */

import { type Snapshot, type SnapshotLimits, treeText } from "joinery/observe";
import { processesInProc } from "../attach/proc.ts";
import { attach, type Look } from "../attach/target.ts";
import { Failure } from "../failure.ts";
import { cancellationLines } from "../views/cancellations.ts";
import { stuckLines } from "../views/stuck.ts";
import { styleFor } from "../views/style.ts";
import { columns, taskTable, trimmed } from "../views/task-table.ts";
import { Tasks } from "../views/tasks.ts";
import { WaitChain } from "../views/wait-chain.ts";

const style = styleFor(process.stdout);
/** JSON, in which it goes to the process, has no `Infinity`. */
const all = Number.MAX_SAFE_INTEGER;
const everything = { scopes: all, items: all } satisfies SnapshotLimits;

export async function ps(pid: number | undefined): Promise<void> {
  if (pid === undefined) return listProcesses();
  const { snapshot } = await attach(pid, (target) => target.snapshot());
  say([taskTable(snapshot, style), ...omitted(snapshot)]);
}

function listProcesses(): void {
  if (process.platform !== "linux") throw new Failure("Give the PID of a process: joinery ps PID.");
  const others = processesInProc().filter(({ pid }) => pid !== process.pid);
  if (others.length === 0) return say(["There is no process that can be looked at."]);
  const table = columns(["PID", "COMMAND"].map((title) => style("dim", title)));
  table.push(...others.map(({ pid, command }) => [String(pid), command]));
  say([trimmed(table)]);
}

export async function pstree(pid: number): Promise<void> {
  const look = await attach(pid, (target) => target.snapshotWithStacks({ frames: 1 }));
  const color = style("bold", "") !== "";
  say([treeText(look.snapshot, { ...width(), lines: Infinity, color }), ...loop(look)]);
}

export async function why(pid: number, task: string | undefined): Promise<void> {
  const look = await attach(pid, (target) => target.snapshotWithStacks(limitsOfWhy));
  const { snapshot } = look;
  const lines = task
    ? new WaitChain(snapshot, style).from(new Tasks(snapshot).find(task))
    : stuckLines(snapshot, style);
  say([...loop(look), ...lines]);
}

const limitsOfWhy = { ...everything, frames: 3 };

export async function cancels(pid: number): Promise<void> {
  const { snapshot } = await attach(pid, (target) => target.snapshot());
  say([...cancellationLines(snapshot, style)]);
}

export async function dump(pid: number, { json }: { json?: true }): Promise<void> {
  const look = await attach(pid, (target) => target.snapshotWithStacks(everything));
  const { snapshot } = look;
  if (json) return say([JSON.stringify(snapshot, undefined, 2)]);
  const { failures } = snapshot;
  say([
    treeText(snapshot, { lines: Infinity, color: style("bold", "") !== "" }),
    ...loop(look),
    "",
    "CANCELLATIONS",
    ...cancellationLines(snapshot, style),
    "",
    "FAILURES",
    ...(failures.length === 0 ? ["None is known."] : []),
    ...failures.map(({ path, error }) => `${path}: ${error}`),
  ]);
}

function say(lines: readonly string[]): void {
  console.log(lines.join("\n"));
}

function width(): { width?: number } {
  return process.stdout.isTTY ? { width: process.stdout.columns } : {};
}

function omitted({ omitted: { scopes } }: Snapshot): string[] {
  return scopes > 0 ? [`… and ${scopes} scopes more: joinery dump PID --json has them`] : [];
}

function loop({ loopTurns, snapshot: { latest } }: Look): string[] {
  if (loopTurns) return [];
  const who = latest ? ` The last task to go on was ${latest.name} #${latest.id}.` : "";
  return [
    style(
      "red",
      `! The event loop does not turn: so it is not known at which lines tasks wait.${who}`,
    ),
  ];
}
