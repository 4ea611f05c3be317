/**
 * The wanted differences from CPython: data in `differences.json`, each with its reason, a program that
 * shows it, and what CPython did with that program.
 */

import { readFileSync } from "node:fs";
import type { Outcome } from "./kind.ts";
import { folder } from "./place.ts";

/** What CPython did with a program. */
export interface Recording {
  readonly program: unknown;
  readonly python: Outcome;
  /** What it did with the wanted differences as rules, for the kinds in `ruledKinds`: this is what joinery has to do. */
  readonly ruled?: { readonly outcome: Outcome; readonly rules: readonly string[] };
}

export interface WantedDifference extends Recording {
  /** As `explain` of its kind calls it. */
  readonly name: string;
  /** The three cells of its row in `docs/asyncio.md`. */
  readonly asyncio: string;
  readonly here: string;
  readonly why: string;
  /** The kind of the program. */
  readonly kind: string;
}

export interface WantedDifferences {
  /** The version of CPython that was asked. */
  readonly recordedWith: string;
  readonly entries: readonly WantedDifference[];
}

/** A program that joinery once got wrong, or that is easily got wrong. */
export interface Regression extends Recording {
  readonly name: string;
}

export const differencesFile: URL = new URL("differences.json", folder);

/** The kinds of programs that CPython can run with the wanted differences as rules. */
export const ruledKinds = ["tasks", "primitives"] as const;
export type RuledKind = (typeof ruledKinds)[number];

export const differences = read(differencesFile) as WantedDifferences;

export function regressionsOf(kind: RuledKind): readonly Regression[] {
  return read(regressionsFile(kind)) as readonly Regression[];
}

export function regressionsFile(kind: RuledKind): URL {
  return new URL(`regressions/${kind}.json`, folder);
}

function read(file: URL): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
