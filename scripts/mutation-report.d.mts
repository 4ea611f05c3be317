export interface ListedMutant {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export interface Mutant extends ListedMutant {
  readonly place: string;
  readonly range: string;
  readonly mutator: string;
  readonly outcome: "killed" | "survived" | "equivalent";
}

export function readReport(
  report: { readonly files: Readonly<Record<string, unknown>> },
  listed: readonly ListedMutant[],
  files: readonly string[],
): {
  readonly mutants: readonly Mutant[];
  readonly outdated: readonly ListedMutant[];
  readonly doubtful: readonly Mutant[];
};

export function tally(mutants: readonly Mutant[]): {
  readonly killed: number;
  readonly survived: number;
  readonly equivalent: number;
  readonly score: number;
  readonly raw: number;
};
