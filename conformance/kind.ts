/** What a kind of program has to bring with it, so that `main.ts` can compare it with CPython. */

import type { Arbitrary } from "fast-check";

/** What one side did with one program: anything that goes through JSON. */
export type Outcome = unknown;

/** The verdict about one program whose two outcomes were not the same. */
export type Verdict =
  /** The entries of `differences.json` which say that it has to be so. */
  { readonly explainedBy: readonly string[] } | Unexplained;

/** A program whose two outcomes are not deeply equal. */
export interface Difference<P> {
  readonly program: P;
  readonly python: Outcome;
  readonly joinery: Outcome;
}

export interface Kind<P> {
  /** Also the name of the module in `python/`. */
  readonly name: string;
  /** Makes the programs of a run, and makes them smaller. The same seed gives the same programs. */
  readonly arbitrary: Arbitrary<P>;
  /** What joinery does with each of the programs. */
  run(programs: readonly P[]): Promise<Outcome[]>;
  /**
   * Judges the programs whose outcomes differ; `ask` runs variants of them in CPython. Without this,
   * every difference is unexplained. `quickly`: what takes long to explain may be left unexplained.
   */
  explain?(
    differences: readonly Difference<P>[],
    ask: (programs: readonly unknown[]) => Promise<Outcome[]>,
    quickly?: boolean,
  ): Promise<Verdict[]>;
  /** The program in a form that people read. */
  print(program: P): string;
}

export interface Unexplained {
  /** What should have been the same as joinery's outcome, besides CPython's. */
  readonly unexplained: string;
  readonly expected?: Outcome;
}
