/** What the page is drawn from: the formats of `joinery/observe`, and nothing else. */

import type { EventRecord, Snapshot } from "joinery/observe";

export type FeedMessage = { snapshot: Snapshot } | { events: EventRecord[] };

/** A process that runs, or a recorded file. */
export interface InspectorSource {
  /** What is looked at, in a word: a command, a file. */
  title: string;
  /** Tells the listener what is there and what happens. The returned function ends it. */
  follow(listener: (message: FeedMessage) => void): () => Promise<void>;
}

/** What the page hears, one message a frame: the title first. */
export type PageMessage = { title: string } | FeedMessage;
