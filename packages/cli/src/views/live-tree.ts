/** The tree of a running program, as it is drawn again and again. */

import { type Snapshot, treeText } from "joinery/observe";
import { duration, printable, type Style } from "./style.ts";

/** What is later than this says that the event loop does not turn. */
const silence = 1000;

export interface Room {
  readonly columns: number;
  readonly rows: number;
}

export function liveTree(snapshot: Snapshot, style: Style, { columns, rows }: Room): string {
  const { warnings, ghosts } = snapshot;
  const lines = Math.max(3, rows - 3 - warnings.length - ghosts.length);
  const color = style("bold", "") !== "";
  const tree = treeText(snapshot, { width: Math.max(1, columns - 1), lines, color });
  return `${summary(snapshot)}\n${tree}`;
}

/** `12 tasks: 10 waiting, 2 foreign`. */
function summary({ scopes, totals, pid, runtime }: Snapshot): string {
  const counts = new Map<string, number>();
  for (const { kind, state } of scopes)
    if (kind === "task") counts.set(state, (counts.get(state) ?? 0) + 1);
  const states = [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
  const tasks = `${totals.tasks} ${totals.tasks === 1 ? "task" : "tasks"}`;
  return `process ${pid} · ${runtime} · ${tasks}${states === "" ? "" : `: ${states}`}`;
}

/** What is said when nothing has come for a while; nothing before. */
export function silenceText({ latest }: Snapshot, since: number, every: number): string {
  if (since < every + silence) return "";
  const who = latest ? ` The last task to go on was ${printable(latest.name)} #${latest.id}.` : "";
  return `The event loop has not turned for ${duration(since)}.${who}`;
}
