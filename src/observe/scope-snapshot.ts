/** One scope of a snapshot: where it stands, and what its code waits for. */

import { type LiveWait, programFrames } from "../core/index.ts";
import { numberOf as numberOfCancellation } from "./cancellations.ts";
import { beyond, type SnapshotLimits } from "./limits.ts";
import type { ScopeSnapshot, ScopeState, WaitSnapshot } from "./snapshot-format.ts";
import type { Survey } from "./survey.ts";
import { isTask, type TreeNode } from "./tree.ts";
import { isShared, numberOf as numberOfResource, type Waiting, waitsAt } from "./waits.ts";
import { clip } from "./wording.ts";

/** Errors whose stacks show where those wait of whom it was asked. */
export type Places = ReadonlyMap<LiveWait, Error>;

export function describeScope(
  node: TreeNode,
  { waits, running, observed }: Survey,
  places: Places,
  limits: Required<SnapshotLimits>,
): ScopeSnapshot {
  const { id, kind, name, parent, host, background, timeLeft, absorbs, refusedAt } = node.live;
  const { cancellation, now } = node.live;
  const ownWaits = waitsAt(node, waits);
  return {
    id,
    kind,
    name: clip(name),
    parent: parent ?? null,
    depth: node.depth,
    host,
    state: isTask(node) ? stateOfTask(node, ownWaits, running) : stateOfBlock(node),
    background,
    age: since(observed?.births.of(id), now),
    timeLeft: finite(timeLeft),
    cancellation: cancellation ? numberOfCancellation(cancellation) : null,
    absorbs,
    waits: ownWaits.slice(0, limits.items).map((waiting) => describeWait(waiting, places, limits)),
    waitsOmitted: beyond(ownWaits, limits.items),
    createdAt: observed?.createdAt(id)?.slice(0, limits.frames) ?? null,
    refusedAt: frames(refusedAt, limits),
  };
}

function stateOfTask(
  { live, runs }: TreeNode,
  waits: readonly Waiting[],
  running: number | undefined,
): ScopeState {
  if (live.state === "new") return "new";
  if (runs.some(isCleaningUp)) return "cleaning-up";
  if (runs.some((block) => block.live.cancellation)) return "cancelling";
  if (live.id === running) return "running";
  return waits.length > 0 ? "waiting" : "foreign";
}

function stateOfBlock(block: TreeNode): ScopeState {
  if (isCleaningUp(block)) return "cleaning-up";
  if (block.live.cancellation) return "cancelling";
  return block.live.state === "joining" ? "joining" : "open";
}

/** Whether the hooks of a group run, or a shield keeps off a cancellation. */
function isCleaningUp({ live, parent }: TreeNode): boolean {
  if (live.kind === "shield") return parent?.live.cancellation !== undefined;
  return live.state === "cleaning";
}

function describeWait(
  { at, kind, label, resource, tasks = [], timeLeft, parked }: Waiting,
  places: Places,
  limits: Required<SnapshotLimits>,
): WaitSnapshot {
  return {
    scope: at.live.id,
    kind: clip(kind),
    label: clip(label),
    resource: isShared(resource) ? numberOfResource(resource) : null,
    tasks: tasks.slice(0, limits.items),
    tasksOmitted: beyond(tasks, limits.items),
    timeLeft: finite(timeLeft),
    age: parked?.age ?? null,
    stack: frames(parked && places.get(parked), limits),
  };
}

function frames(
  place: Error | undefined,
  limits: Required<SnapshotLimits>,
): readonly string[] | null {
  return place ? programFrames(place).slice(0, limits.frames) : null;
}

function since(at: number | undefined, now: number): number | null {
  return at === undefined ? null : Math.max(0, now - at);
}

/** JSON has no `Infinity`. */
function finite(ms: number): number | null {
  return ms < Infinity ? ms : null;
}
