/** What the page says, in a few words. */

import type { CancellationSnapshot, ScopeSnapshot, WaitSnapshot } from "joinery/observe";

/** Short, for columns: `850ms`, `3.2s`, `4m10s`, `2h05m`. */
export function span(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${pad(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}

export function count(n: number): string {
  return n.toLocaleString("en");
}

/** `1 task`, `2 tasks`. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** Names that differ only in numbers have the same stem. */
export function stem(name: string): string {
  return name.replaceAll(/\d+/g, "#");
}

/** How a scope stands, as the page colors it: its state, or how it ended. */
export type Look = ScopeSnapshot["state"] | "done" | "failed" | "cancelled" | "ghost";

export const lookWords: Readonly<Record<Look, string>> = {
  new: "not started",
  running: "running",
  waiting: "waiting",
  foreign: "awaits what is not joinery's",
  open: "open",
  joining: "waits for its children",
  cancelling: "cancelling",
  "cleaning-up": "cleaning up",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
  ghost: "left behind",
};

/** What a task waits for, without who has it. */
export function goal({ label, timeLeft }: Pick<WaitSnapshot, "label" | "timeLeft">): string {
  return timeLeft === null ? label : `${label}, ${span(timeLeft)} left`;
}

export const sourceWords: Readonly<Record<CancellationSnapshot["source"], string>> = {
  explicit: "cancel()",
  deadline: "a deadline",
  "sibling-error": "the failure of a sibling",
  parent: "the block around it",
  signal: "a signal",
  shutdown: "shutdown",
};

/** The time of day, to the millisecond. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const [h, m, s] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad);
  return `${h}:${m}:${s}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
