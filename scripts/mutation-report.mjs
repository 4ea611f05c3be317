import { change } from "./equivalent-mutants.mjs";

const outcomes = {
  Killed: "killed",
  Timeout: "killed",
  RuntimeError: "killed", // the tests cannot even be loaded
  Survived: "survived",
  NoCoverage: "survived",
};

/**
 * What a report of Stryker says about `files`, compared with the list of the equivalent mutants:
 *
 *     mutants    all of them: { file, place, range, mutator, before, after, outcome }, a listed survivor is "equivalent"
 *     outdated   entries of the list that no survivor fits
 *     doubtful   mutants that were killed and fit one of those entries
 */
export function readReport(report, listed, files) {
  const mutants = files.toSorted().flatMap((file) => mutantsOf(file, report.files[file]));
  const outdated = listed.filter((entry) => files.includes(entry.file));
  for (const mutant of mutants.filter((each) => each.outcome === "survived")) {
    const at = outdated.findIndex((entry) => fits(entry, mutant));
    if (at === -1) continue;
    outdated.splice(at, 1);
    mutant.outcome = "equivalent";
  }
  const doubtful = mutants.filter(
    (mutant) => mutant.outcome === "killed" && outdated.some((entry) => fits(entry, mutant)),
  );
  return { mutants, outdated, doubtful };
}

function mutantsOf(file, { source, mutants }) {
  return mutants.map((mutant) => {
    const { start, end } = mutant.location;
    const outcome = outcomes[mutant.status];
    if (outcome === undefined) throw new Error(`${file}: a mutant is ${mutant.status}`);
    return {
      file,
      place: `${file}:${start.line}:${start.column}`,
      // Stryker counts columns from 1 where it reports them, and from 0 where it is told them.
      range: `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
      mutator: mutant.mutatorName,
      ...change(source, mutant),
      outcome,
    };
  });
}

function fits(entry, mutant) {
  return ["file", "before", "after"].every((key) => entry[key] === mutant[key]);
}

/** How many mutants came to each outcome, and the score: the share of killed ones among those that could be. */
export function tally(mutants) {
  const count = (outcome) => mutants.filter((each) => each.outcome === outcome).length;
  const [killed, survived, equivalent] = ["killed", "survived", "equivalent"].map(count);
  const score = (100 * killed) / (killed + survived);
  return { killed, survived, equivalent, score, raw: (100 * killed) / mutants.length };
}
