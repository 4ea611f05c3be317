/** Node's inspector as a door: found where it is open, opened where it is not. */

import { get } from "node:http";
import { connect } from "node:net";
import { kill } from "node:process";
import { json } from "node:stream/consumers";
import { moveOnAfter, type Parked, sleep, suspend } from "joinery";
import { Failure } from "../failure.ts";
import type { Listener, RunningProcess } from "./running-process.ts";

export interface Door {
  /** Where the protocol is spoken. */
  readonly url: string;
  /** Whether it was opened for us, and has to be closed again. */
  readonly opened: boolean;
}

/** How long a process may take to open its inspector. */
const patience = 5000;
/** How long whoever listens may take to answer. */
const answerTime = 1000;

/**
 * Finds the inspector of `target`, or has it opened by SIGUSR1.
 *
 * Rejects with {@link Failure} if it does not open, or if its port is taken.
 */
export async function openDoor(target: RunningProcess): Promise<Door> {
  const { pid, inspectorPort } = target;
  const before = target.listeners() ?? [{ host: "127.0.0.1", port: inspectorPort }];
  const usual = before.filter(({ port }) => port === inspectorPort);
  const already = await firstInspector(usual);
  if (already !== undefined) return { url: already, opened: false };
  if (usual.length === 0) await expectFree(target);
  kill(pid, "SIGUSR1");
  const { value: opened } = await moveOnAfter(patience, () => untilOpen(target, before));
  if (opened !== undefined) return { url: opened, opened: true };
  // The signal does nothing if the program itself has opened it, at a port of its choice.
  const others = before.filter((listener) => !usual.includes(listener));
  const chosen = await firstInspector(others);
  if (chosen !== undefined) return { url: chosen, opened: false };
  const seconds = patience / 1000;
  throw new Failure(`Process ${pid} did not open its inspector within ${seconds} s.`);
}

/** Two programs cannot listen at one port: the second would say so in its output, and go on without. */
async function expectFree({ pid, inspectorPort: port }: RunningProcess): Promise<void> {
  if (port === 0 || !(await isTaken(port))) return;
  throw new Failure(
    `Port ${port}, where process ${pid} would open its inspector, is taken by another program.` +
      " Try again when that has gone, or start yours with --inspect-port=0.",
  );
}

function isTaken(port: number): Promise<boolean> {
  const label = `port ${port}`;
  return suspend<boolean>(
    (wait) => {
      const socket = connect({ host: "127.0.0.1", port });
      const settle = (taken: boolean): void => {
        socket.destroy();
        wait.resolve(taken);
      };
      socket.on("connect", () => settle(true));
      socket.on("error", () => settle(false));
      return () => void socket.destroy();
    },
    { label },
  );
}

async function untilOpen(target: RunningProcess, before: readonly Listener[]): Promise<string> {
  const known = new Set(before.map(({ host, port }) => `${host} ${port}`));
  for (;;) {
    const all = target.listeners();
    const fresh = all?.filter(({ host, port }) => !known.has(`${host} ${port}`)) ?? before;
    const url = await firstInspector(fresh);
    if (url !== undefined) return url;
    await sleep(20);
  }
}

async function firstInspector(listeners: readonly Listener[]): Promise<string | undefined> {
  for (const listener of listeners) {
    const { value: url } = await moveOnAfter(answerTime, () => inspectorAt(listener));
    if (url !== undefined) return url;
  }
  return undefined;
}

interface Debuggee {
  readonly webSocketDebuggerUrl?: string;
}

/** The address of the protocol, if it is an inspector that listens there. */
async function inspectorAt({ host, port }: Listener): Promise<string | undefined> {
  const answer = await ask(host, port, "/json/list").catch(() => undefined);
  const url = Array.isArray(answer) && (answer[0] as Debuggee | undefined)?.webSocketDebuggerUrl;
  if (typeof url !== "string") return undefined;
  const address = host.includes(":") ? `[${host}]` : host;
  return `ws://${address}:${port}${new URL(url).pathname}`;
}

/** Without keeping the connection: an inspector closes when its last one has gone. */
function ask(host: string, port: number, path: string): Promise<unknown> {
  const park = (wait: Parked<unknown>): (() => void) => {
    const request = get({ host, port, path, agent: false }, (response) => {
      json(response).then(
        (value) => wait.resolve(value),
        (error: unknown) => wait.reject(error),
      );
    });
    request.on("error", (error) => wait.reject(error));
    return () => void request.destroy();
  };
  return suspend(park, { label: `an answer of port ${port}` });
}
