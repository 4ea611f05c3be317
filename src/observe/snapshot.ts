import type { LiveGhost } from "../core/index.ts";
import { describeCancellations } from "./cancellation-snapshot.ts";
import { pid, runtime } from "./host.ts";
import { beyond, expectLimits, type SnapshotLimits } from "./limits.ts";
import { describeScope, type Places } from "./scope-snapshot.ts";
import type {
  FailureSnapshot,
  GhostSnapshot,
  LoopSnapshot,
  ResourceSnapshot,
  Snapshot,
} from "./snapshot-format.ts";
import { type Survey, survey } from "./survey.ts";
import { warningsAbout } from "./warnings.ts";
import { type Contention, numberOf, waitsAt } from "./waits.ts";
import { clip } from "./wording.ts";

export interface SnapshotOptions extends SnapshotLimits {
  /** Whether to say of each wait where it is, as a stack (V8 only). Then the snapshot comes as a promise. Default: `false`. */
  stacks?: boolean;
}

/**
 * The tree of scopes and tasks as it is now, with what each task waits for, who holds it, and what looks wrong: as
 * plain data that can be written as JSON. `snapshot.schema.json` describes it.
 *
 * Nothing has to be turned on before. Ages, and what has ended, are known from {@link observe} on. What is
 * more than the limits is left out, and counted in `omitted`. With `stacks: true` resolves in the same turn of the event
 * loop, with the tree as it was at the call; every time adds a link to each wait, so do not ask for
 * stacks every second.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if a limit is no whole number.
 *
 * *Cancellation*: is no wait, and not subject to it.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "joinery";
 * import { snapshot } from "joinery/observe";
 *
 * await taskGroup(async (group) => {
 *   group.createTask(() => sleep(500), { name: "worker" });
 *   await sleep(10);
 *   const worker = snapshot().scopes.find(({ name }) => name === "worker");
 *   console.log(worker?.state, worker?.waits[0]?.kind); // waiting sleep
 * });
 * ```
 *
 * Idea: the thread dump of the JDK, in JSON.
 */
export function snapshot(options?: SnapshotOptions & { stacks?: false }): Snapshot;
export function snapshot(options: SnapshotOptions & { stacks: true }): Promise<Snapshot>;
export function snapshot(options: SnapshotOptions = {}): Snapshot | Promise<Snapshot> {
  const limits = expectLimits(options);
  const now = survey();
  if (options.stacks !== true) return describe(now, new Map(), limits);
  return locate(now, limits).then((places) => describe(now, places, limits));
}

/** Asks the waits of the scopes that are shown where they are. */
async function locate(
  { tree, waits }: Survey,
  { scopes }: Required<SnapshotLimits>,
): Promise<Places> {
  const parked = [...tree.values()]
    .slice(0, scopes)
    .flatMap((node) => waitsAt(node, waits))
    .flatMap((waiting) => waiting.parked ?? []);
  return new Map(
    await Promise.all(parked.map(async (wait) => [wait, await wait.locate()] as const)),
  );
}

function describe(now: Survey, places: Places, limits: Required<SnapshotLimits>): Snapshot {
  const { tree, contentions, ghosts, observed, moment } = now;
  const { scopes, items } = limits;
  const cancellations = describeCancellations(now, items);
  const warnings = warningsAbout(now);
  return {
    formatVersion: 1,
    pid,
    runtime,
    time: now.time,
    observedFor: observed ? moment - observed.since : null,
    latest: now.latest,
    totals: now.totals,
    scopes: [...tree.values()]
      .slice(0, scopes)
      .map((node) => describeScope(node, now, places, limits)),
    resources: contentions.slice(0, items).map((each) => describeResource(each, items)),
    ghosts: ghosts.slice(0, items).map(describeGhost),
    cancellations: cancellations.slice(0, items),
    failures: describeFailures(now).slice(0, items),
    loop: observed ? describeLoop(now, items) : null,
    warnings: warnings
      .slice(0, items)
      .map((each) => ({ ...each, tasks: each.tasks.slice(0, items) })),
    omitted: {
      scopes: Math.max(0, tree.size - scopes),
      resources: beyond(contentions, items),
      ghosts: beyond(ghosts, items),
      cancellations: beyond(cancellations, items),
      warnings: beyond(warnings, items),
    },
  };
}

function describeResource(
  { resource, holders, waiters }: Contention,
  limit: number,
): ResourceSnapshot {
  return {
    id: numberOf(resource),
    kind: clip(resource.kind),
    name: clip(resource.name),
    holders: holders?.slice(0, limit) ?? null,
    holdersOmitted: beyond(holders ?? [], limit),
    waiters: waiters.slice(0, limit),
    waitersOmitted: beyond(waiters, limit),
  };
}

function describeGhost({ id, label, scope, age }: LiveGhost): GhostSnapshot {
  const { id: scopeId, kind, name } = scope;
  return {
    id,
    state: "ghost",
    label: clip(label),
    scope: { id: scopeId, kind, name: clip(name) },
    age,
  };
}

function describeFailures({ past, moment }: Survey): FailureSnapshot[] {
  return past.failures.map(({ at, ...failure }) => ({
    state: "done",
    ...failure,
    age: moment - at,
  }));
}

function describeLoop({ past, moment }: Survey, limit: number): LoopSnapshot {
  const latest = past.standstills.slice(0, limit);
  return { blocked: latest.map(({ ms, end, task }) => ({ ms, age: moment - end, task })) };
}
