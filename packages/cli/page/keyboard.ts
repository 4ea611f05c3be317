/** What the keys do. */

import { currentLane, fitAll, lanes, panBy, zoomBy } from "./timeline/timeline-view.tsx";
import { switchTheme } from "./theme.ts";
import { currentRow, rows } from "./tree/tree-view.tsx";
import {
  chosenCancellation,
  isHelpOpen,
  query,
  selected,
  tab,
  type Tab,
  tabs,
  toggle,
  toggledLanes,
  toggledRows,
  togglePause,
} from "./session.ts";
import { cancellations, shownCancellation } from "./wave/wave-view.tsx";

/** For the page of help: in this order. */
export const shortcuts: readonly (readonly [keys: string, does: string])[] = [
  ["1 … 5", "tree, timeline, cancellations, locks, errors"],
  ["[ ]", "the tab before, the next one"],
  ["↑ ↓", "the line before, the next one"],
  ["→ ←", "open, close; many that are alike: one by one, together"],
  ["Tab Enter", "from one button to the next, and press it; in a cancellation, its tasks"],
  ["/", "search: names, #numbers, what is waited for"],
  ["+ − 0", "timeline: closer, farther, all of it"],
  ["Shift ← →", "timeline: earlier, later"],
  ["Space", "hold what is shown, and go on"],
  ["t", "dark, light, as the system has it"],
  ["Esc", "close, or clear the search"],
  ["?", "this help"],
];

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inField = event.target instanceof HTMLInputElement;
    const isOnButton = event.target instanceof HTMLButtonElement;
    if (inField && event.key !== "Escape") return;
    // A button that has the focus is pressed by these.
    if (isOnButton && (event.key === " " || event.key === "Enter")) return;
    if (act(event.shiftKey ? `Shift ${event.key}` : event.key)) event.preventDefault();
  });
}

const actions: Readonly<Record<string, () => void>> = {
  Escape: escape,
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  PageDown: () => move(20),
  PageUp: () => move(-20),
  ArrowRight: () => open(true),
  ArrowLeft: () => open(false),
  "Shift ArrowRight": () => panBy(-120),
  "Shift ArrowLeft": () => panBy(120),
  "/": () => document.querySelector<HTMLInputElement>("#search")?.focus(),
  "+": () => zoomBy(2),
  "Shift +": () => zoomBy(2),
  "-": () => zoomBy(1 / 2),
  "0": fitAll,
  "[": () => turn(-1),
  "]": () => turn(1),
  " ": togglePause,
  t: switchTheme,
  "?": help,
  "Shift ?": help,
};

/** Whether the key means something. */
function act(key: string): boolean {
  const direct = tabs[Number(key) - 1];
  if (direct) tab.value = direct;
  else actions[key]?.();
  return direct !== undefined || key in actions;
}

function help(): void {
  isHelpOpen.value = !isHelpOpen.value;
}

/** The innermost thing that is open. */
function escape(): void {
  const field = document.activeElement;
  if (isHelpOpen.value) isHelpOpen.value = false;
  else if (field instanceof HTMLInputElement) {
    query.value = "";
    field.blur();
  } else if (selected.value !== null) selected.value = null;
  else query.value = "";
}

function turn(by: number): void {
  const next = (tabs.indexOf(tab.value) + by + tabs.length) % tabs.length;
  tab.value = tabs[next] as Tab;
}

function move(by: number): void {
  if (tab.value === "cancellations") return moveToCancellation(by);
  const isTimeline = tab.value === "timeline";
  if (!isTimeline && tab.value !== "tree") return undefined;
  const current = isTimeline ? currentLane() : currentRow();
  const length = isTimeline ? lanes.value.length : rows.value.length;
  const next = Math.min(length - 1, Math.max(0, current < 0 ? 0 : current + by));
  const scope = isTimeline ? lanes.value[next]?.lives[0] : rows.value[next]?.scopes[0];
  if (scope) selected.value = scope.id;
  return undefined;
}

function moveToCancellation(by: number): void {
  const all = cancellations();
  const current = all.findIndex(({ id }) => id === shownCancellation()?.id);
  const next = all[Math.min(all.length - 1, Math.max(0, current + by))];
  if (next) chosenCancellation.value = next.id;
}

function open(isOpening: boolean): void {
  const isTimeline = tab.value === "timeline";
  if (!isTimeline && tab.value !== "tree") return;
  const row = isTimeline ? lanes.value[currentLane()] : rows.value[currentRow()];
  if (row?.canToggle && row.isOpen !== isOpening)
    toggle(isTimeline ? toggledLanes : toggledRows, row.key);
  else if (!isOpening) moveOut();
}

/** To the line around the current one. */
function moveOut(): void {
  const isTimeline = tab.value === "timeline";
  const depths = (isTimeline ? lanes.value : rows.value).map(({ depth }) => depth);
  const current = isTimeline ? currentLane() : currentRow();
  const around = depths.slice(0, current).findLastIndex((depth) => depth < (depths[current] ?? 0));
  const scope = isTimeline ? lanes.value[around]?.lives[0] : rows.value[around]?.scopes[0];
  if (scope) selected.value = scope.id;
}
