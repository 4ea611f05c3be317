/** Compares what CPython and joinery do with random programs of one kind. */

import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import type { Kind, Outcome, Unexplained, Verdict } from "./kind.ts";
import type { Oracle } from "./oracle.ts";

/** How many programs go to each side at once. */
const batchSize = 500;

export interface Judged<P> {
  readonly program: P;
  readonly python: Outcome;
  readonly joinery: Outcome;
  readonly verdict: Verdict | "same";
}

export interface Failure<P> extends Judged<P> {
  readonly verdict: Unexplained;
}

/** An unexplained difference, and the arguments that bring it back: it is the last of that many programs. */
export interface Found<P> {
  readonly found: Failure<P>;
  readonly seed: number;
  readonly programs: number;
}

export interface Comparison<P> {
  readonly programs: number;
  /** How many programs each entry explained, alone or with others. */
  readonly explained: ReadonlyMap<string, number>;
  /** How many were not the same. */
  readonly different: number;
  /** The first unexplained one. */
  readonly failure?: Found<P>;
}

/** Asks both sides, at the same time, and judges each program. */
export async function judge<P>(
  kind: Kind<P>,
  oracle: Oracle,
  programs: readonly P[],
  quickly = false,
): Promise<Judged<P>[]> {
  const ask = (variants: readonly unknown[]): Promise<Outcome[]> => oracle.run(kind.name, variants);
  const [python, joinery] = await Promise.all([ask(programs), kind.run(programs)]);
  const judged = programs.map((program, i): Judged<P> => ({
    program,
    python: python[i],
    joinery: joinery[i],
    verdict: "same",
  }));
  const different = judged.filter((each) => !isDeepStrictEqual(each.python, each.joinery));
  const verdicts = (await kind.explain?.(different, ask, quickly)) ?? [];
  const verdictOf = new Map(different.map((each, i) => [each, verdicts[i] ?? { unexplained: "" }]));
  return judged.map((each) => ({ ...each, verdict: verdictOf.get(each) ?? "same" }));
}

function isFailure<P>(judged: Judged<P>): judged is Failure<P> {
  return judged.verdict !== "same" && "unexplained" in judged.verdict;
}

/** Stops at the first batch with an unexplained difference. */
export async function compare<P>(
  kind: Kind<P>,
  oracle: Oracle,
  options: { seed: number; programs: number; progress: (programs: number) => void },
): Promise<Comparison<P>> {
  const explained = new Map<string, number>();
  let different = 0;
  for (let begun = 0; begun < options.programs; begun += batchSize) {
    const size = Math.min(batchSize, options.programs - begun);
    const seed = seedOfBatch(options.seed, begun / batchSize);
    const judged = await judge(kind, oracle, sample(kind, seed, size));
    for (const entries of explanations(judged)) {
      different++;
      for (const entry of entries) explained.set(entry, (explained.get(entry) ?? 0) + 1);
    }
    const first = judged.findIndex(isFailure);
    if (first >= 0) {
      const found = judged[first] as Failure<P>;
      return {
        programs: begun + size,
        explained,
        different,
        failure: { found, seed, programs: first + 1 },
      };
    }
    options.progress(begun + size);
  }
  return { programs: options.programs, explained, different };
}

/** For each program that was not the same: the entries that explained it. */
function explanations<P>(judged: readonly Judged<P>[]): (readonly string[])[] {
  const verdicts = judged.map(({ verdict }) => verdict).filter((verdict) => verdict !== "same");
  return verdicts.map((verdict) => ("explainedBy" in verdict ? verdict.explainedBy : []));
}

function sample<P>(kind: Kind<P>, seed: number, size: number): P[] {
  return fc.sample(kind.arbitrary, { seed, numRuns: size });
}

/** The seed of the first batch is that of the run, so that one batch can be run alone. */
function seedOfBatch(seed: number, index: number): number {
  return (seed + Math.imul(index, 0x9e3779b1)) | 0;
}

/** The smallest program of that batch that has an unexplained difference. */
export async function shrink<P>(
  kind: Kind<P>,
  oracle: Oracle,
  { found, seed, programs }: Found<P>,
): Promise<Failure<P>> {
  let smallest = found;
  let begun = false;
  const property = fc.asyncProperty(kind.arbitrary, async (program) => {
    begun ||= isDeepStrictEqual(program, found.program);
    if (!begun) return;
    const [judged] = await judge(kind, oracle, [program], true);
    if (judged === undefined || !isFailure(judged)) return;
    smallest = judged;
    throw new Error("unexplained");
  });
  await fc.check(property, { seed, numRuns: programs });
  const [judged] = await judge(kind, oracle, [smallest.program]);
  return judged !== undefined && isFailure(judged) ? judged : found;
}
