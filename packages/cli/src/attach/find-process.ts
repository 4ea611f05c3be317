import { platform } from "node:process";
import { Failure } from "../failure.ts";
import { findInProc } from "./proc.ts";
import { findByPs } from "./ps.ts";
import type { RunningProcess } from "./running-process.ts";

/**
 * The process `pid`, if it is a Node that can be asked to open its inspector. To anything else the
 * signal for that is the end: so nothing is sent to what does not pass here.
 *
 * Throws {@link Failure} if there is none, or it is somebody else's, or it is no Node.
 */
export function findProcess(pid: number): RunningProcess {
  if (platform === "linux") return findInProc(pid);
  if (platform === "win32")
    throw new Failure("On Windows a running process cannot be reached. `joinery run` works.");
  return findByPs(pid);
}
