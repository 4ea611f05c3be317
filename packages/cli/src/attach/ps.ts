/** Processes as `ps` shows them, where there is no /proc: on macOS and the BSDs. */

import { execFileSync } from "node:child_process";
import { basename } from "node:path";
import { getuid } from "node:process";
import { Failure } from "../failure.ts";
import { inspectorPortOf, isNode, refusals, type RunningProcess } from "./running-process.ts";

export function findByPs(pid: number): RunningProcess {
  const [owner, state, program] = ps(pid, "uid=,state=,comm=").split(/\s+/) as [
    string,
    string,
    string,
  ];
  if (Number(owner) !== getuid?.() && getuid?.() !== 0)
    throw new Failure(refusals.foreign(pid, Number(owner)));
  if (state.startsWith("Z")) throw new Failure(refusals.gone(pid));
  if (state.startsWith("T")) throw new Failure(refusals.stopped(pid));
  const args = ps(pid, "args=").split(/\s+/);
  // From Node 24 on, some systems show the name of its thread in place of the program.
  if (![program, args[0]!].some((each) => isNode(basename(each))))
    throw new Failure(refusals.noNode(pid, basename(program)));
  const inspectorPort = inspectorPortOf(args);
  return { pid, owner: Number(owner), inspectorPort, listeners: () => undefined };
}

function ps(pid: number, columns: string): string {
  try {
    const args = ["-p", String(pid), "-o", columns];
    return execFileSync("ps", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    throw new Failure(refusals.gone(pid));
  }
}
