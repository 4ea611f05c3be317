/** One cancellation: who asked for it, where, why, and who did not heed it. */

import type { CancellationSnapshot, EventRecord } from "joinery/observe";

export interface Cancellation {
  readonly id: number;
  readonly source: CancellationSnapshot["source"];
  readonly message: string;
  readonly reason: string | null;
  /** The task that asked. */
  readonly by: { readonly id: number | null; readonly name: string } | null;
  origin: number | null;
  path: string | null;
  readonly at: number;
  absorbedAt: number | null;
  /** Those that caught it and went on: how often they were told. */
  readonly swallowed: Map<number, Swallowing>;
}

interface Swallowing {
  readonly name: string;
  times: number;
  returned: boolean;
}

/** What the event of it tells. */
export function cancellationOf(event: EventRecord): Cancellation | undefined {
  const { at, cancellation, scope, path = "", by: task = null } = event;
  if (!cancellation) return undefined;
  const { id, source, message, reason, by } = cancellation;
  return {
    id,
    source,
    message,
    reason,
    by: by === null ? null : { id: task, name: by },
    origin: scope.id,
    path,
    at,
    absorbedAt: null,
    swallowed: new Map(),
  };
}

/** Of one that no event told of: it is older than the events, or there are none. */
export function cancellationFrom(told: CancellationSnapshot, time: number): Cancellation {
  const { id, source, message, reason, by, origin, path, age } = told;
  const cancellation: Cancellation = {
    id,
    source,
    message,
    reason,
    by: by === null ? null : { id: null, name: by },
    origin,
    path,
    at: time - age,
    absorbedAt: null,
    swallowed: new Map(),
  };
  complete(cancellation, told);
  return cancellation;
}

/** What a snapshot knows besides. */
export function complete(
  cancellation: Cancellation,
  { origin, path, swallowed, pending }: CancellationSnapshot,
): void {
  cancellation.origin ??= origin;
  cancellation.path ??= path;
  for (const { id, name } of swallowed) {
    const times = pending.find((each) => each.id === id)?.timesTold ?? 1;
    const known = cancellation.swallowed.get(id);
    if (known) known.times = Math.max(known.times, times);
    else cancellation.swallowed.set(id, { name, times, returned: false });
  }
}

export function swallow({ swallowed }: Cancellation, event: EventRecord): void {
  const { scope, times = 1, how } = event;
  swallowed.set(scope.id, { name: scope.name, times, returned: how === "returned" });
}
