/** What the page shows at this moment: its state, as signals that the views read. */

import { computed, type ReadonlySignal, signal, type Signal } from "@preact/signals";
import type { PageMessage } from "../src/inspector/source.ts";
import type { ScopeSnapshot, Snapshot } from "joinery/observe";
import { History } from "./model/history.ts";
import { ToldTree } from "./model/told-tree.ts";
import { momentWorthSeeing, portionsOf, type Recording, snapshotAt } from "./recording.ts";

export const tabs = ["tree", "timeline", "cancellations", "locks", "errors"] as const;
export type Tab = (typeof tabs)[number];

/** `empty`: nothing to show yet, and no feed. */
export type Connection = "empty" | "connecting" | "opening" | "live" | "ended" | "recorded";

export const connection: Signal<Connection> = signal("empty");
export const title: Signal<string> = signal("");
export const tab: Signal<Tab> = signal("tree");
/** The scope whose details are shown. */
export const selected: Signal<number | null> = signal(null);
/** The cancellation that is shown; the latest, if none was chosen. */
export const chosenCancellation: Signal<number | null> = signal(null);
export const query: Signal<string> = signal("");
export const isPaused: Signal<boolean> = signal(false);
export const isHelpOpen: Signal<boolean> = signal(false);
/** What went wrong with a file. */
export const complaint: Signal<string> = signal("");
/** Of a recording: the moment that is looked at. */
export const moment: Signal<number> = signal(0);

/** The rows of the tree, and the lanes of the timeline, that are not as they are by default. */
export const toggledRows: Signal<ReadonlySet<string>> = signal(new Set());
export const toggledLanes: Signal<ReadonlySet<string>> = signal(new Set());

/** Changes when there is something new to see. */
const revision = signal(0);
let past = new History();
let tree = new ToldTree();
let recorded: Recording | undefined;
let latest: Snapshot | null = null;
const shownSnapshot: Signal<Snapshot | null> = signal(null);

/** The page draws what it has at most this often. */
const pace = 200;
let timer: ReturnType<typeof setTimeout> | undefined;

export const history: ReadonlySignal<{ readonly now: History }> = computed(() => {
  void revision.value;
  return { now: past };
});

/** The tree as it is shown. */
export const snapshot: ReadonlySignal<Snapshot | null> = computed(() => {
  const { now } = history.value;
  if (connection.value !== "recorded" || !recorded) return shownSnapshot.value;
  return snapshotAt(recorded, now, moment.value);
});

/** Its scopes by number. */
export const liveScopes: ReadonlySignal<ReadonlyMap<number, ScopeSnapshot>> = computed(
  () => new Map((snapshot.value?.scopes ?? []).map((scope) => [scope.id, scope])),
);

export function hear(message: Exclude<PageMessage, { title: string }>): void {
  if ("scopes" in message) tree.hear(message.scopes, message.time);
  else {
    if ("events" in message) past.addEvents(message.events);
    else {
      latest = tree.complete(message.snapshot, message.gone);
      past.addSnapshot(latest);
    }
    timer ??= setTimeout(show, pace);
  }
}

function show(): void {
  timer = undefined;
  if (isPaused.value) return;
  shownSnapshot.value = latest;
  revision.value++;
}

export function togglePause(): void {
  isPaused.value = !isPaused.value;
  show();
}

/** Forgets everything: another process, or another file. */
function reset(): void {
  clearTimeout(timer);
  timer = undefined;
  past = new History();
  tree = new ToldTree();
  recorded = undefined;
  latest = null;
  shownSnapshot.value = null;
  selected.value = null;
  chosenCancellation.value = null;
  toggledRows.value = new Set();
  toggledLanes.value = new Set();
  complaint.value = "";
  revision.value++;
}

export function begin(name: string): void {
  reset();
  title.value = name;
  connection.value = "live";
}

/** Resolves when it is shown. Until then the page goes on, and another may be opened in its place. */
export async function openRecording(recording: Recording): Promise<void> {
  reset();
  title.value = recording.command;
  connection.value = "opening";
  const own = past;
  for (const some of portionsOf(recording)) {
    if ("events" in some) own.addEvents(some.events);
    else own.addSnapshot(some.snapshot);
    await new Promise((resolve) => setTimeout(resolve));
    if (past !== own) return;
  }
  recorded = recording;
  moment.value = momentWorthSeeing(recording, own);
  connection.value = "recorded";
  revision.value++;
}

export function toggle(set: Signal<ReadonlySet<string>>, key: string): void {
  const next = new Set(set.value);
  if (!next.delete(key)) next.add(key);
  set.value = next;
}

/** Shows a scope with its details, where it stands in the tree. */
export function reveal(id: number): void {
  selected.value = id;
}
