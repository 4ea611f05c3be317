/** A recorded file: one JSON document, with all that happened and some snapshots. */

import type { EventRecord, Snapshot } from "joinery/observe";

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
