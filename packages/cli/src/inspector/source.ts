/** What the page is drawn from: the formats of `joinery/observe`, and nothing else. */

import type { EventRecord, ScopeSnapshot, Snapshot } from "joinery/observe";

export type FeedMessage = { snapshot: Snapshot } | { events: EventRecord[] };

/** What is looked at: a process that runs, or a recorded file. */
export type InspectorSource = FollowedSource | RecordedSource;

export interface FollowedSource {
  /** In a word: a command. */
  title: string;
  /** Tells the listener what is there and what happens. The returned function ends it. */
  follow(listener: (message: FeedMessage) => void): () => Promise<void>;
}

interface RecordedSource {
  title: string;
  /** Where the file lies. */
  recording: string;
}

/**
 * What the page hears, one message a frame: the title first. If it is that of a recording, the page fetches the file, and hears no
 * more. A snapshot comes in parts: the scopes that are not as they were in the one before, then all the rest.
 */
export type PageMessage =
  | { title: string; recorded: boolean }
  | { events: EventRecord[] }
  | { scopes: ScopeSnapshot[]; time: number }
  | { snapshot: SnapshotHead; gone: number[] };

/** A snapshot without its tree. */
export type SnapshotHead = Omit<Snapshot, "scopes">;
