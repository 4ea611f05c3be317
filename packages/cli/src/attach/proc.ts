/** Processes as Linux shows them, under /proc. */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { constants } from "node:os";
import { basename } from "node:path";
import { getuid } from "node:process";
import { Failure } from "../failure.ts";
import {
  inspectorPortOf,
  isNode,
  type Listener,
  refusals,
  type RunningProcess,
} from "./running-process.ts";

export function findInProc(pid: number): RunningProcess {
  const status = statusOf(pid);
  const { owner } = status;
  if (owner !== getuid?.() && getuid?.() !== 0) throw new Failure(refusals.foreign(pid, owner));
  if (status.state === "T" || status.state === "t") throw new Failure(refusals.stopped(pid));
  const program = programOf(pid);
  if (!isNode(program)) throw new Failure(refusals.noNode(pid, program));
  if (!catches(status.caught, constants.signals.SIGUSR1)) throw new Failure(refusals.deaf(pid));
  if (link(pid, "ns/net") !== link("self", "ns/net")) throw new Failure(refusals.elsewhere(pid));
  const inspectorPort = inspectorPortOf([...nodeOptions(pid), ...commandOf(pid)]);
  return { pid, owner, inspectorPort, listeners: () => listenersOf(pid) };
}

/** The processes of this user that joinery can look at, with their commands. */
export function processesInProc(): { pid: number; command: string }[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).flatMap((pid) => {
    try {
      findInProc(pid);
      return [{ pid, command: commandOf(pid).join(" ") }];
    } catch {
      return []; // it is no Node, or it has ended since
    }
  });
}

interface Status {
  /** The user that it acts as: not always the one to whom its files in /proc belong. */
  readonly owner: number;
  /** A letter: `R` for running, `T` for stopped, `Z` for ended. */
  readonly state: string;
  /** The signals that it has handlers for, as bits. */
  readonly caught: bigint;
}

function statusOf(pid: number): Status {
  const text = read(pid, "status");
  const field = (name: string, at = 0): string =>
    new RegExp(`^${name}:\\s+(?:\\w+\\s+){${at}}(\\w+)`, "m").exec(text)![1]!;
  const state = field("State");
  if (state === "Z" || state === "X") throw new Failure(refusals.gone(pid));
  return { owner: Number(field("Uid", 1)), state, caught: BigInt(`0x${field("SigCgt")}`) };
}

function catches(caught: bigint, signal: number): boolean {
  return ((caught >> BigInt(signal - 1)) & 1n) === 1n;
}

/** The name of its program, also when that was replaced while it ran. */
function programOf(pid: number): string {
  return basename(link(pid, "exe").replace(/ \(deleted\)$/, ""));
}

function commandOf(pid: number): string[] {
  return read(pid, "cmdline").split("\0").slice(0, -1);
}

function nodeOptions(pid: number): string[] {
  const variables = read(pid, "environ").split("\0");
  const options = variables.find((variable) => variable.startsWith("NODE_OPTIONS="));
  return options?.slice("NODE_OPTIONS=".length).split(/\s+/) ?? [];
}

/** The sockets of the process that listen, out of all of its network. */
function listenersOf(pid: number): Listener[] {
  const own = new Set(socketsOf(pid));
  return ["net/tcp", "net/tcp6"].flatMap((table) =>
    tableOf(pid, table).flatMap(([, address = "", , state, , , , , , inode = ""]) =>
      state === listening && own.has(inode) ? listenerAt(address) : [],
    ),
  );
}

const listening = "0A";

/** The inodes of its sockets. */
function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(link(pid, `fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // it was closed since
    }
  });
}

function tableOf(pid: number, table: string): string[][] {
  const [, ...rows] = read(pid, table).trimEnd().split("\n");
  return rows.map((row) => row.trim().split(/\s+/));
}

const loopback: Record<string, string> = {
  "0100007F": "127.0.0.1",
  "00000000": "127.0.0.1",
  "00000000000000000000000000000000": "::1",
  "00000000000000000000000001000000": "::1",
};

/** `0100007F:240D` is 127.0.0.1:9229. Nothing but the loopback is looked at. */
function listenerAt(address: string): Listener[] {
  const [ip = "", port = ""] = address.split(":");
  const host = loopback[ip];
  return host === undefined ? [] : [{ host, port: Number.parseInt(port, 16) }];
}

function read(pid: number, file: string): string {
  return inProc(pid, () => readFileSync(`/proc/${pid}/${file}`, "utf8"));
}

function link(pid: number | "self", file: string): string {
  return inProc(pid, () => readlinkSync(`/proc/${pid}/${file}`));
}

/** A process may end at any moment; and the system may show some to nobody, or to root alone. */
function inProc<R>(pid: number | "self", look: () => R): R {
  try {
    return look();
  } catch (error) {
    if (pid === "self") throw error;
    switch ((error as NodeJS.ErrnoException).code) {
      case "ENOENT":
      case "ESRCH":
        throw new Failure(refusals.gone(pid));
      case "EACCES":
      case "EPERM":
        throw new Failure(refusals.hidden(pid));
      default:
        throw error;
    }
  }
}
