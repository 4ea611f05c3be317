import { cancelCases } from "./executor-cancel-cases.ts";
import { closeCases } from "./executor-close-cases.ts";
import { abilities, Bench, type CaseOf, type ExecutorHarness } from "./executor-harness.ts";
import { lostCases } from "./executor-lost-cases.ts";
import { outcomeCases } from "./executor-outcome-cases.ts";

/** One promise of the contract, as a test for any runner: `test(name, run)`. */
export interface ConformanceCase {
  readonly name: string;
  /** Why the executor under test cannot be tested for it. Such a case is to be listed, not left out. */
  readonly notApplicable?: string;
  /** Resolves if the executor keeps the promise, rejects with what is wrong otherwise. */
  readonly run: () => Promise<void>;
}

/**
 * The test of every executor: one case for each promise of the contract, to be registered with any test
 * runner. A case opens an executor, and closes it.
 *
 * A case that needs what the executor has not, such as a server, is in the list as well: `notApplicable` says why. Throws
 * `TypeError` if the harness neither has one of `closeWorker`, `killWorker`, `freezeWorker`, `startParent` and `restartServer`, nor says why.
 *
 * @example
 * ```ts
 * import { inProcess } from "joinery/executor";
 * import { conformanceFunctions, executorConformance } from "joinery/testing";
 *
 * const lines: string[] = [];
 * const functions = conformanceFunctions((line) => lines.push(line));
 * const why = "there is only one process";
 * const cases = executorConformance({
 *   open: () => inProcess(functions),
 *   journal: () => lines,
 *   notApplicable: {
 *     closeWorker: why,
 *     killWorker: why,
 *     freezeWorker: why,
 *     startParent: why,
 *     restartServer: why,
 *   },
 * });
 * for (const { name, notApplicable, run } of cases.slice(0, 2)) {
 *   if (notApplicable === undefined) await run();
 *   console.log(name);
 * }
 * // → values come back as they went
 * // → an error comes back as what it was, with its class, code, properties and stack
 * ```
 *
 * Idea: the reactive streams' technology compatibility kit.
 */
export function executorConformance(harness: ExecutorHarness): ConformanceCase[] {
  for (const ability of abilities) {
    if (harness[ability] === undefined && harness.notApplicable?.[ability] === undefined)
      throw new TypeError(
        `Expected the harness to have ${ability}(), or to say in notApplicable.${ability} why it has not.`,
      );
  }
  const cases: readonly CaseOf[] = [...outcomeCases, ...cancelCases, ...closeCases, ...lostCases];
  return cases.map(({ name, needs, run }) => ({
    name,
    ...(needs && harness[needs] === undefined && { notApplicable: harness.notApplicable![needs]! }),
    run: () => runCase(harness, run),
  }));
}

async function runCase(harness: ExecutorHarness, run: CaseOf["run"]): Promise<void> {
  const executor = await harness.open();
  try {
    await run(new Bench(harness, executor));
  } finally {
    await executor.close();
  }
}
