/**
 * What is done inside the program that is looked at. The functions are sent there as text, so each stands on
 * its own: it may use its arguments and the globals of Node, and nothing of this file.
 */

import type * as Core from "joinery";
import type * as Observe from "joinery/observe";
import type { EventRecord, SnapshotLimits } from "joinery/observe";

/** The modules that the program itself has loaded. */
export interface Joinery {
  readonly core: typeof Core;
  readonly observe: typeof Observe;
}

/** Of several copies, which it is. */
export interface FoundJoinery extends Joinery {
  readonly folder: string;
  /** How many others have tasks of their own. */
  readonly others: number;
}

/**
 * Finds joinery among the scripts that a program has loaded; of several copies, the one that has the most tasks.
 * Loads what stands next to it with `require`, which also works while the event loop does not turn.
 */
export function findJoinery(urls: readonly string[]): FoundJoinery | null {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { readFileSync } = process.getBuiltinModule("node:fs");
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  const copies = urls.flatMap((url): (Joinery & { folder: string; tasks: number })[] => {
    try {
      const manifest = new URL("../../package.json", url);
      const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name: string };
      if (name !== "joinery") return [];
      const load = createRequire(manifest);
      const folder = fileURLToPath(new URL(".", manifest));
      const core = load("./dist/core/index.js") as typeof Core;
      const { tasks } = core.statistics();
      return [{ core, observe: load("./dist/observe/index.js"), folder, tasks }];
    } catch {
      return []; // it is another package, or one that has gone from the disk
    }
  });
  const [first, ...rest] = copies.toSorted((a, b) => b.tasks - a.tasks);
  return first ? { ...first, others: rest.filter(({ tasks }) => tasks > 0).length } : null;
}

/** A snapshot as JSON. */
export function snapshotNow({ observe }: Joinery, limits: SnapshotLimits): string {
  return JSON.stringify(observe.snapshot(limits));
}

/** The same with the lines at which tasks wait. Needs an event loop that turns. */
export async function snapshotWithStacks(
  { observe }: Joinery,
  limits: SnapshotLimits,
): Promise<string> {
  return JSON.stringify(await observe.snapshot({ ...limits, stacks: true }));
}

export interface FeedOptions {
  /** The socket that the feed goes to. */
  readonly path: string;
  /** Milliseconds from one snapshot to the next; more, if snapshots take more than a tenth of that. */
  readonly every: number;
  /** Whether to tell all that happens as well. */
  readonly events: boolean;
}

/**
 * Tells what goes on, as lines of JSON, until the other end of the socket has gone; then the program
 * is as it was before. Does not keep it alive.
 */
export function startFeed({ core, observe }: Joinery, options: FeedOptions): void {
  const { connect } = process.getBuiltinModule("node:net");
  const mostEvents = 100_000;
  let events: EventRecord[] = [];
  const stopObserving = observe.observe();
  const stopHearing = options.events
    ? core.subscribe((event) => {
        // Somebody who cannot keep up with it gets the beginning.
        if (events.length < mostEvents) events.push(observe.eventRecord(event));
      })
    : () => {};
  const socket = connect(options.path);
  const send = (message: object): boolean => socket.write(`${JSON.stringify(message)}\n`);
  let notBefore = 0;
  const tell = (): void => {
    const begin = performance.now();
    if (socket.writableNeedDrain || begin < notBefore) return;
    if (events.length > 0) send({ events });
    events = [];
    send({ snapshot: observe.snapshot() });
    // Nine tenths of the time belong to what is looked at.
    notBefore = begin + (performance.now() - begin) * 10;
  };
  const timer = setInterval(tell, options.every);
  const stop = (): void => {
    clearInterval(timer);
    stopObserving();
    stopHearing();
  };
  timer.unref();
  socket.unref();
  socket.on("error", stop);
  socket.on("close", stop);
  socket.resume();
  tell();
}
