/** The wanted differences in groups of errors, as what they make of CPython's outcome. */

import { isDeepStrictEqual } from "node:util";
import type { Verdict } from "../kind.ts";
import { addNote, type Description, Errors, ownMessage } from "./errors.ts";
import type { Outcome } from "./interpret.ts";
import type { Program } from "./program.ts";

/** By their names in `differences.ts`. */
const wanted: Readonly<Record<string, (outcome: Outcome, program: Program) => Outcome>> = {
  "whole-groups-stay": (outcome, program) => mapDescriptions(outcome, wholeIn(program)),
  "same-error-once": (outcome) => mapDescriptions(outcome, (error) => once(error)),
};

/** Applies as few of the wanted differences as make the two outcomes equal. */
export function explain(program: Program, python: Outcome, joinery: Outcome): Verdict {
  let outcome = python;
  const explainedBy: string[] = [];
  for (const [name, apply] of Object.entries(wanted)) {
    if (isDeepStrictEqual(outcome, joinery)) break;
    const next = apply(outcome, program);
    if (!isDeepStrictEqual(next, outcome)) explainedBy.push(name);
    outcome = next;
  }
  if (isDeepStrictEqual(outcome, joinery)) return { explainedBy };
  return { unexplained: "What CPython does, with the wanted differences", expected: outcome };
}

function mapDescriptions(outcome: Outcome, map: (error: Description) => Description): Outcome {
  if ("parts" in outcome) return { parts: outcome.parts.map((halves) => halves.map(map)) };
  if ("log" in outcome) {
    const log = outcome.log.map(({ clause, got }) => ({ clause, got: map(got) }));
    return { log, left: map(outcome.left) };
  }
  // What derive() itself makes is always new; its members are not.
  const { derived } = outcome;
  if (derived === null || "error" in derived) return outcome;
  return { derived: { ...derived, members: derived.members.map(map) } };
}

/**
 * A group of which nothing is missing is the very object; in CPython it is derived again, unless the matcher
 * took the group as such. What is changed in the original later shows in it.
 */
function wholeIn(program: Program): (error: Description) => Description {
  const errors = new Errors(program.nodes);
  if (program.does === "divide" && program.late) addNote(errors.root, "late");
  const originals = new Map(errors.list.map((error) => [error.message, errors.describe(error)]));
  const restore = (error: Description): Description => {
    if (error === null || "error" in error) return error;
    const members = error.members.map(restore);
    const original = originals.get(ownMessage(error.group));
    const isWhole =
      original != null && "group" in original && isDeepStrictEqual(original.members, members);
    return isWhole ? { ...original } : { ...error, members };
  };
  return restore;
}

/** The same error thrown by several handlers counts once. */
function once(error: Description): Description {
  if (error === null || "error" in error) return error;
  const members = error.members.map(once);
  if (error.group !== "") return { ...error, members };
  const different = members.filter(
    (member, at) => members.findIndex((other) => isDeepStrictEqual(other, member)) === at,
  );
  const isNaked = different.length === 1 && members.length > 1;
  return isNaked ? different[0]! : { ...error, members: different };
}
