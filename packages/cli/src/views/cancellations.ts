/** Who was asked to stop, by whom and why, and who has not done so. */

import type { CancellationSnapshot, Snapshot } from "joinery/observe";
import type { Room } from "./live-tree.ts";
import { duration, printable, type Style } from "./style.ts";
import { Tasks } from "./tasks.ts";

export function* cancellationLines(snapshot: Snapshot, style: Style): Generator<string> {
  const tasks = new Tasks(snapshot);
  const { cancellations, omitted, observedFor } = snapshot;
  if (cancellations.length === 0) yield "Nothing is being cancelled.";
  for (const cancellation of cancellations) yield* oneCancellation(cancellation, tasks, style);
  if (omitted.cancellations > 0) yield `… and ${omitted.cancellations} more`;
  if (observedFor === null) yield style("dim", onlyNow);
}

const onlyNow =
  "Those that are over are not known: the program was not observed. It is while `joinery cancels --follow`, `top`, " +
  "`inspect` or `run` look at it, or from its own call of observe() on.";

/** As many lines of it as there is room for. */
export function cancellationText(snapshot: Snapshot, style: Style, { rows }: Room): string {
  return [...cancellationLines(snapshot, style)].slice(0, Math.max(1, rows - 2)).join("\n");
}

function* oneCancellation(
  { message, path, source, age, by, reason, ...rest }: CancellationSnapshot,
  tasks: Tasks,
  style: Style,
): Generator<string> {
  yield `${style("bold", printable(path ?? "an outer signal"))}  cancelled ${duration(age)} ago (${source})`;
  yield `   ${printable(message)}`;
  const who = by === null ? "code outside of any task" : printable(by);
  yield `   asked by ${who}${reason === null ? "" : `, because: ${printable(reason)}`}`;
  for (const { id, timesTold } of rest.pending) {
    const told = timesTold > 1 ? `, was told ${timesTold} times` : "";
    yield style("yellow", `   not over: ${pathOf(id, tasks)}${told}${doing(id, tasks)}`);
  }
  if (rest.pendingOmitted > 0) yield `   … and ${rest.pendingOmitted} more that are not over`;
  for (const { id, name } of rest.swallowed)
    yield style("red", `   swallowed by ${printable(name)} #${id}, which went on`);
  if (rest.pending.length === 0 && rest.swallowed.length === 0)
    yield style("dim", "   all are over");
}

function pathOf(id: number, tasks: Tasks): string {
  const task = tasks.get(id);
  return task ? `${tasks.path(task)} #${id}` : `task #${id}`;
}

/** What holds it up: its wait, or the line where it was last refused one. */
function doing(id: number, tasks: Tasks): string {
  const task = tasks.get(id);
  if (task === undefined) return "";
  const waits = task.waits.map(({ label }) => printable(label)).join(", ");
  const refused = task.refusedAt?.[0];
  const where = refused === undefined ? "" : ` (went on ${printable(refused)})`;
  if (waits !== "") return `: waits for ${waits}${where}`;
  return `: ${task.state === "cleaning-up" ? "cleans up" : "awaits what is not joinery's, or computes"}${where}`;
}
