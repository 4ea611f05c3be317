import { badArgument, outOfRange } from "../core/arguments.ts";

/** A whole number from `least`, or `Infinity`. Returns it. */
export function expectCount(parameter: string, value: number, least: number): number {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return value;
  const refuse = typeof value === "number" ? outOfRange : badArgument;
  throw refuse(
    parameter,
    `a whole number from ${least}, or Infinity`,
    value,
    "JOINERY_INVALID_COUNT",
  );
}
