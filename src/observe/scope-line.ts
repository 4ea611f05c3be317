/** One scope as a line of text. */

import type { ScopeSnapshot, ScopeState, Snapshot, WaitSnapshot } from "./snapshot-format.ts";
import { duration } from "./wording.ts";

type Color = "dim" | "red" | "yellow" | "green" | "bold";

/** A piece of a line in one color. */
export interface Span {
  readonly text: string;
  readonly color?: Color | undefined;
}

const colors: Partial<Record<ScopeState, Color>> = {
  running: "green",
  new: "dim",
  cancelling: "yellow",
  "cleaning-up": "yellow",
};

const mostNames = 3;

/** What a line needs to know besides its scope. */
export interface Context {
  readonly names: ReadonlyMap<number, string>;
  readonly cancellations: ReadonlyMap<number, Snapshot["cancellations"][number]>;
}

export function contextOf({ scopes, cancellations }: Snapshot): Context {
  return {
    names: new Map(scopes.map(({ id, name }) => [id, name])),
    cancellations: new Map(cancellations.map((each) => [each.id, each])),
  };
}

/** What is said of a scope after its name. */
export function describe(scope: ScopeSnapshot, context: Context): Span[] {
  const parts = partsOf(scope, context).filter(({ text }) => text !== "");
  return parts.flatMap((part, i) => [{ text: i === 0 ? "  " : " · " }, part]);
}

function partsOf(scope: ScopeSnapshot, context: Context): Span[] {
  const { state, waits, waitsOmitted, background, timeLeft, age } = scope;
  return [
    { text: stateText(state), color: colors[state] },
    ...waits.map((wait) => ({ text: waitText(wait, context) })),
    { text: waitsOmitted > 0 ? `${waitsOmitted} more waits` : "" },
    { text: cancelledText(scope, context), color: "yellow" },
    { text: timeLeft === null ? "" : deadlineText(timeLeft) },
    { text: background ? "background" : "", color: "dim" },
    { text: age === null ? "" : duration(age), color: "dim" },
  ];
}

const stateTexts: Partial<Record<ScopeState, string>> = {
  open: "",
  waiting: "",
  joining: "waits for its children",
  foreign: "awaits what is not joinery's",
  "cleaning-up": "cleaning up",
};

function stateText(state: ScopeState): string {
  return stateTexts[state] ?? state;
}

function deadlineText(timeLeft: number): string {
  return timeLeft < 0 ? "deadline passed" : `${duration(timeLeft)} left`;
}

function waitText(wait: WaitSnapshot, context: Context): string {
  const { label, timeLeft, age, stack } = wait;
  const left = timeLeft === null ? "" : ` (${duration(timeLeft)} left)`;
  const since = age === null || timeLeft !== null ? "" : ` for ${duration(age)}`;
  const where = stack?.[0] === undefined ? "" : ` ${stack[0]}`;
  return `waits for ${label}${othersText(wait, context)}${left}${since}${where}`;
}

/** The tasks that have to do something, where the label does not name them. */
function othersText({ kind, tasks, tasksOmitted }: WaitSnapshot, { names }: Context): string {
  if (tasks.length === 0 || kind === "task" || kind === "children") return "";
  const shown = tasks.slice(0, mostNames).map((id) => names.get(id) ?? `task-${id}`);
  const more = tasks.length + tasksOmitted - shown.length;
  const all = more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
  return kind === "tasks" ? ` (${all})` : ` (held by ${all})`;
}

/** Said where it was asked for, and of tasks that caught it. */
function cancelledText(scope: ScopeSnapshot, { cancellations }: Context): string {
  const cancellation = cancellations.get(scope.cancellation ?? 0);
  if (cancellation === undefined) return "";
  const { source, reason, by, age, pending } = cancellation;
  if (scope.absorbs) {
    const who = by === null ? "" : ` by ${by}`;
    const why = reason === null ? "" : `: ${reason}`;
    return `cancelled ${duration(age)} ago (${source})${who}${why}`;
  }
  const told = pending.find(({ id }) => id === scope.id)?.timesTold ?? 0;
  return told > 1 ? `caught it, and waited again (told ${told} times)` : "";
}
