/** A recorded file: one JSON document, with all that happened and some snapshots. */

import type { EventRecord, Snapshot } from "joinery/observe";
import type { History } from "./model/history.ts";
import { rebuilt } from "./model/rebuilt.ts";

export interface Recording {
  readonly format: "joinery-trace";
  readonly formatVersion: 1;
  readonly pid: number | null;
  readonly command: string;
  readonly runtime: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly events: EventRecord[];
  readonly snapshots: Snapshot[];
}

/** Throws an error whose message says what is wrong with the file. */
export function parseRecording(text: string): Recording {
  const content = parse(text);
  if (content?.format !== "joinery-trace")
    throw new Error("This is no recording of joinery: `joinery record` makes them.");
  if (content.formatVersion !== 1)
    throw new Error(
      `This page reads recordings of version 1, and not ${String(content.formatVersion)}.`,
    );
  if (!Array.isArray(content.events) || !Array.isArray(content.snapshots))
    throw new Error("The recording has no list of events and snapshots: it may have been cut off.");
  return content as Recording;
}

function parse(text: string): Partial<Record<keyof Recording, unknown>> | null {
  try {
    return JSON.parse(text) as Partial<Record<keyof Recording, unknown>> | null;
  } catch {
    return null;
  }
}

/** As many events or snapshots as are taken in without a stop that one would feel. */
const mostInOne = 2000;

/** All that it holds, in portions. */
export function* portionsOf({ events, snapshots }: Recording): Generator<Portion> {
  for (let i = 0; i < events.length; i += mostInOne)
    yield { events: events.slice(i, i + mostInOne) };
  for (const snapshot of snapshots) yield { snapshot };
}

type Portion = { readonly events: readonly EventRecord[] } | { readonly snapshot: Snapshot };

/** The last moment at which something looked wrong; if nothing did, that at which most was going on. */
export function momentWorthSeeing({ snapshots }: Recording, history: History): number {
  const wrong = snapshots.findLast(({ warnings }) => warnings.some(isOfTheTree));
  return wrong?.time ?? busiest(history) ?? history.end;
}

/** That the event loop stood still is past, and nothing of the tree. */
function isOfTheTree({ kind }: Snapshot["warnings"][number]): boolean {
  return kind !== "loop-blocked";
}

function busiest({ lives, begin, end }: History): number | undefined {
  const changes = [...lives.values()].flatMap(({ openedAt, closedAt }) => [
    { at: openedAt ?? begin, by: 1 },
    { at: closedAt ?? end, by: -1 },
  ]);
  let [open, most, found]: [number, number, number | undefined] = [0, 0, undefined];
  // At one moment, those that begin come first.
  for (const { at, by } of changes.toSorted((a, b) => a.at - b.at || b.by - a.by)) {
    open += by;
    if (open > most) [most, found] = [open, at];
  }
  return found;
}

/** The last snapshot up to that moment, if nothing has happened since; else what the events tell. */
export function snapshotAt(recording: Recording, history: History, at: number): Snapshot {
  const { snapshots, events, runtime } = recording;
  const last = snapshots.findLast(({ time }) => time <= at);
  const next = events[firstAfter(events, last?.time ?? at)];
  return last && (next === undefined || next.at > at) ? last : rebuilt(history, at, runtime);
}

/** The place of the first event after `at`: they are in order. */
function firstAfter(events: readonly EventRecord[], at: number): number {
  let [from, to] = [0, events.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((events[middle] as EventRecord).at <= at) from = middle + 1;
    else to = middle;
  }
  return from;
}
