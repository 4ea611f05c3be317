/** What looks wrong, above everything else: one click leads to where it can be seen. */

import type { WarningSnapshot } from "joinery/observe";
import type { VNode } from "preact";
import { chosenCancellation, liveScopes, reveal, snapshot, tab, type Tab } from "./session.ts";

const titles: Readonly<Record<WarningSnapshot["kind"], string>> = {
  "wait-cycle": "Deadlock",
  "lost-waiter": "Lost waiter",
  "resists-cancel": "Resists",
  "old-ghost": "Left behind",
  "loop-blocked": "Event loop",
};

const places: Readonly<Record<WarningSnapshot["kind"], Tab>> = {
  "wait-cycle": "locks",
  "lost-waiter": "locks",
  "resists-cancel": "cancellations",
  "old-ghost": "tree",
  "loop-blocked": "tree",
};

/** More are counted. */
const mostShown = 3;

export function Warnings(): VNode | null {
  const warnings = snapshot.value?.warnings ?? [];
  const omitted = snapshot.value?.omitted.warnings ?? 0;
  if (warnings.length === 0) return null;
  const news = warnings.filter(isNews);
  const shown = news.slice(0, mostShown);
  const more = news.length + omitted - shown.length;
  return (
    <div class="warnings" role="alert">
      {shown.map((warning) => (
        <button
          key={warning.text}
          class={`warning is-${warning.kind}`}
          onClick={() => show(warning)}
        >
          <strong>{titles[warning.kind]}</strong>
          <span>{warning.text}</span>
        </button>
      ))}
      {more > 0 && <p class="dim">and {more} more</p>}
    </div>
  );
}

/** The event loop stands still again and again: the last time says enough. */
function isNews({ kind }: WarningSnapshot, i: number, all: readonly WarningSnapshot[]): boolean {
  return kind !== "loop-blocked" || all[i - 1]?.kind !== kind;
}

function show({ kind, tasks }: WarningSnapshot): void {
  tab.value = places[kind];
  const [first] = tasks;
  if (first === undefined) return;
  reveal(first);
  if (kind === "resists-cancel")
    chosenCancellation.value = liveScopes.value.get(first)?.cancellation ?? null;
}
