/** How much of a tree a snapshot holds. */

import { badArgument, expectOptions } from "../core/arguments.ts";

export interface SnapshotLimits {
  /** The most scopes. Default: 10,000. */
  scopes?: number;
  /** The most of everything else, each: resources, ghosts, cancellations, warnings, the waits of a task, the tasks in a list. Default: 100. */
  items?: number;
  /** The most frames of a stack. Default: 10. */
  frames?: number;
}

export function expectLimits(options: SnapshotLimits): Required<SnapshotLimits> {
  expectOptions(options as object);
  const { scopes = 10_000, items = 100, frames = 10 } = options;
  for (const [name, limit] of Object.entries({ scopes, items, frames })) {
    if (limit === Infinity || (Number.isInteger(limit) && limit >= 0)) continue;
    throw badArgument(name, "a whole number, or Infinity", limit);
  }
  return { scopes, items, frames };
}

/** How many of `list` are more than `limit`. */
export function beyond(list: readonly unknown[], limit: number): number {
  return Math.max(0, list.length - limit);
}
