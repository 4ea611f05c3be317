/** The tree as the server tells it: what is not told again is as it was, and older. */

import type { ScopeSnapshot, Snapshot, WaitSnapshot } from "joinery/observe";
import type { SnapshotHead } from "../../src/inspector/source.ts";

interface Told {
  readonly scope: ScopeSnapshot;
  readonly time: number;
}

export class ToldTree {
  /** In order of creation: each after the one around it. */
  readonly #scopes = new Map<number, Told>();

  hear(scopes: readonly ScopeSnapshot[], time: number): void {
    for (const scope of scopes) this.#scopes.set(scope.id, { scope, time });
  }

  /** Everything of one moment has been told. */
  complete(head: SnapshotHead, gone: readonly number[]): Snapshot {
    for (const id of gone) this.#scopes.delete(id);
    const scopes = [...this.#scopes.values()].map(({ scope, time }) =>
      older(scope, head.time - time),
    );
    return { ...head, scopes };
  }
}

function older(scope: ScopeSnapshot, by: number): ScopeSnapshot {
  if (by === 0) return scope;
  return { ...aged(scope, by), waits: scope.waits.map((wait) => aged(wait, by)) };
}

function aged<T extends Pick<ScopeSnapshot | WaitSnapshot, "age" | "timeLeft">>(
  it: T,
  by: number,
): T {
  const { age, timeLeft } = it;
  return {
    ...it,
    age: age === null ? null : age + by,
    timeLeft: timeLeft === null ? null : timeLeft - by,
  };
}
