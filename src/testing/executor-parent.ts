import { taskGroup } from "../core/index.ts";
import type { Executor } from "../executor/index.ts";
import { conformanceFunctions } from "./executor-functions.ts";

/** More than the workers run at once: those that wait when the parent is killed must not begin later. */
const children = 50;

/** What the process of `startParent` does: keeps children busy with `executor` until it is killed. */
export async function conformanceParent(executor: Executor, id: string): Promise<void> {
  const { work } = conformanceFunctions();
  const stint = { ms: 600_000, step: 100, cleanup: 20 };
  await taskGroup((group) => {
    for (let n = 1; n <= children; n++)
      group.createTask(() => executor.call(work, { ...stint, id: `${id}-${n}` }));
  });
}
