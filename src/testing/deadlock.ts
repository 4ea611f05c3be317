import { branded } from "../core/errors.ts";
import { isCancelled, liveScopes } from "../core/index.ts";
import { snapshot, treeText } from "../observe/index.ts";

/**
 * Every task waits, no timer is set, and nothing is to come from outside: nothing can happen any more. The
 * message shows the tree, with who waits for what, who has it, and who waits for each other.
 *
 * Idea: Go's `all goroutines are asleep`.
 */
export class DeadlockError extends Error {
  override readonly name: string = "DeadlockError";
  readonly code = "JOINERY_DEADLOCK" as const;

  constructor() {
    const head = "Every task waits, no timer is set, and nothing is to come from outside:";
    super(`${head}\n${treeText(snapshot())}`);
  }

  /** This error, with what else came out as its cause; its own way out, as a cancellation, is nothing else. */
  with(error: unknown): this {
    const isOwn = error === this || (isCancelled(error) && (error as Error).cause === this);
    if (!isOwn) this.cause = error;
    return this;
  }
}
branded(DeadlockError, "joinery.DeadlockError");

/**
 * Whether something may still happen to the tasks inside the scope `root`, all of which wait: because one of
 * them waits for something from outside, because there are tasks outside, or because the root is just closing.
 */
export function mayGoOn(root: number): boolean {
  const inside = new Set<number | undefined>([root]);
  const around = new Map<number, number | undefined>();
  const tasksOutside = new Set<number>();
  let tasksInside = 0;
  for (const { id, kind, parent, waits } of liveScopes()) {
    around.set(id, parent);
    if (inside.has(id) || inside.has(parent)) {
      inside.add(id);
      if (kind === "task") tasksInside++;
      if (waits.some(({ resource }) => resource?.foreign)) return true;
    } else if (kind === "task") tasksOutside.add(id);
  }
  // Those around the root wait for it themselves.
  for (let id = around.get(root); id !== undefined; id = around.get(id)) tasksOutside.delete(id);
  return tasksInside === 0 || tasksOutside.size > 0;
}
