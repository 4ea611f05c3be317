/** Foreign promises that were left behind: visible until they settle, and never unhandled. */

import { asError } from "./errors.ts";
import { warn } from "./host.ts";

export interface Ghost {
  readonly label: string;
  /** The time on the clock of its scope. */
  readonly since: number;
}

const ghosts = new Set<Ghost>();

export function ghostCount(): number {
  return ghosts.size;
}

/** A line for each ghost. */
export function ghostLines(): string[] {
  return [...ghosts].map((ghost) => `left behind: ${ghost.label}`);
}

/** Keeps `promise` in sight until it settles; its late error becomes a process warning. */
export function leaveBehind(promise: PromiseLike<unknown>, ghost: Ghost): void {
  ghosts.add(ghost);
  const gone = (): void => void ghosts.delete(ghost);
  promise.then(gone, (error: unknown) => {
    gone();
    warn(
      "JOINERY_GHOST_ERROR",
      `${ghost.label}, which was left behind, failed: ${String(asError(error))}`,
    );
  });
}
