/** A running program, reached by its inspector for a moment. */

import { moveOnAfter, shield } from "joinery";
import type { Snapshot, SnapshotLimits } from "joinery/observe";
import { Failure } from "../failure.ts";
import { findProcess } from "./find-process.ts";
import {
  type FeedOptions,
  findJoinery,
  type FoundJoinery,
  type Joinery,
  snapshotNow,
  snapshotWithStacks,
  startFeed,
} from "./in-target.ts";
import { openDoor } from "./inspector-door.ts";
import { ProtocolSession } from "./protocol-session.ts";

/** How long a program may take to say where its tasks wait. */
const turnTime = 2000;
/** How long closing the inspector may take. */
const farewell = 2000;

/** A snapshot, and whether the event loop turned while it was taken. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly loopTurns: boolean;
}

/**
 * Opens the inspector of the process `pid`, lets `body` look, and closes it again.
 *
 * Rejects with {@link Failure} if there is no such process, if it is somebody else's or no Node, if it has
 * not loaded joinery, and if it ends meanwhile.
 *
 * *Cancellation*: closes the inspector all the same.
 */
export async function attach<R>(pid: number, body: (target: Target) => Promise<R>): Promise<R> {
  const { owner, ...found } = findProcess(pid);
  const door = await openDoor({ owner, ...found });
  const session = await ProtocolSession.open(door.url);
  let same = false;
  try {
    same = await isProcess(session, pid);
    if (!same) throw new Failure(`What listens at ${new URL(door.url).host} is not ${pid}.`);
    return await body(new Target(session, owner, await loadJoinery(session, pid)));
  } finally {
    await shield(() => leave(session, same && door.opened), { within: farewell });
  }
}

async function isProcess(session: ProtocolSession, pid: number): Promise<boolean> {
  const expression = "process.pid";
  const { value } = await session.evaluate("Runtime.evaluate", { expression, returnByValue: true });
  return value === pid;
}

/** Nothing more is evaluated when this has been: it ends the connection. */
async function leave(session: ProtocolSession, close: boolean): Promise<void> {
  if (close) {
    const expression = 'process.getBuiltinModule("node:inspector").close()';
    await session.evaluate("Runtime.evaluate", { expression }).catch(() => {});
  }
  await session.close();
}

/** The handle of what `findJoinery` has found. */
async function loadJoinery(session: ProtocolSession, pid: number): Promise<string> {
  const urls = await scriptsOf(session);
  const expression = `(${findJoinery.toString()})(${JSON.stringify(urls)})`;
  const { objectId } = await session.evaluate("Runtime.evaluate", { expression });
  if (objectId === undefined)
    throw new Failure(
      `Process ${pid} has not loaded joinery, or has it bundled into a file of its own (then build with joinery as an external).`,
    );
  await sayWhich(session, objectId, pid);
  return objectId;
}

/** Of several copies only one is shown: nobody should look in it for what is in another. */
async function sayWhich(session: ProtocolSession, objectId: string, pid: number): Promise<void> {
  const functionDeclaration =
    "function () { return { folder: this.folder, others: this.others }; }";
  const options = { objectId, functionDeclaration, returnByValue: true };
  const { value } = await session.evaluate("Runtime.callFunctionOn", options);
  const { folder, others } = value as Omit<FoundJoinery, keyof Joinery>;
  if (others === 0) return;
  console.error(
    `joinery: Process ${pid} has loaded ${others + 1} copies of joinery, each with tasks of its own.` +
      ` This is the one with the most, in ${folder} (npm dedupe may make them one).`,
  );
}

interface ParsedScript {
  readonly url: string;
}

/** Those that may be joinery's, by their names. */
async function scriptsOf(session: ProtocolSession): Promise<string[]> {
  const urls: string[] = [];
  session.on("Debugger.scriptParsed", ({ url }: ParsedScript) => {
    if (/^file:.*\/dist\/core\/index\.js$/.test(url)) urls.push(url);
  });
  await session.send("Debugger.enable");
  await session.send("Debugger.disable");
  return urls;
}

export class Target {
  readonly #session: ProtocolSession;
  /** The user that the process belongs to. */
  readonly owner: number;
  readonly #joinery: string;

  constructor(session: ProtocolSession, owner: number, joinery: string) {
    this.#session = session;
    this.owner = owner;
    this.#joinery = joinery;
  }

  /** The tree, also of a program whose event loop does not turn. */
  async snapshot(limits: SnapshotLimits = {}): Promise<Look> {
    return { snapshot: await this.#look(snapshotNow, limits, false), loopTurns: true };
  }

  /** The same with the lines at which tasks wait, if the event loop turns. */
  async snapshotWithStacks(limits: SnapshotLimits = {}): Promise<Look> {
    const { value } = await moveOnAfter(turnTime, () =>
      this.#look(snapshotWithStacks, limits, true),
    );
    if (value) return { snapshot: value, loopTurns: true };
    return { snapshot: await this.#look(snapshotNow, limits, false), loopTurns: false };
  }

  /** Has the program tell what goes on: it goes on doing so when the inspector is closed. */
  async startFeed(options: FeedOptions): Promise<void> {
    await this.#call(startFeed, options, false);
  }

  async #look(
    take: (joinery: Joinery, limits: SnapshotLimits) => string | Promise<string>,
    limits: SnapshotLimits,
    later: boolean,
  ): Promise<Snapshot> {
    return JSON.parse((await this.#call(take, limits, later)) as string) as Snapshot;
  }

  /** `later`: its value is a promise. Waiting for one takes an event loop that turns, even if it has settled. */
  async #call<A>(
    fn: (joinery: Joinery, options: A) => unknown,
    options: A,
    later: boolean,
  ): Promise<unknown> {
    const { value } = await this.#session.evaluate("Runtime.callFunctionOn", {
      objectId: this.#joinery,
      functionDeclaration: `function (options) { return (${fn.toString()})(this, options); }`,
      arguments: [{ value: options }],
      awaitPromise: later,
      returnByValue: true,
    });
    return value;
  }
}
