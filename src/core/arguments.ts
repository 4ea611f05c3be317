/** Checks at the door: *Expected …, got …*, then what to do. Nothing has started when one throws. */

import { describe, type ErrorCode, isThenable } from "./errors.ts";

/** The `TypeError` for an argument that is not what it should be. */
export function badArgument(
  parameter: string,
  expected: string,
  value: unknown,
  code: ErrorCode = "JOINERY_INVALID_ARGUMENT",
): Error & { code: ErrorCode } {
  return Object.assign(new TypeError(sentence(parameter, expected, value)), { code });
}

/** The `RangeError` for one that is the right kind of thing, and too few or too small. */
export function outOfRange(
  parameter: string,
  expected: string,
  value: unknown,
  code: ErrorCode,
): Error & { code: ErrorCode } {
  return Object.assign(new RangeError(sentence(parameter, expected, value)), { code });
}

function sentence(parameter: string, expected: string, value: unknown): string {
  return `Expected \`${parameter}\` to be ${expected}, got ${describe(value)}.`;
}

/** A function where one is needed; a promise gets its own answer, since it is the usual mistake. */
export function expectFunction(parameter: string, value: unknown): void {
  if (typeof value === "function") return;
  if (!isThenable(value))
    throw badArgument(parameter, "a function", value, "JOINERY_EXPECTED_FUNCTION");
  const expected = "a function, () => work(); what work() has started already cannot be cancelled";
  throw badArgument(parameter, expected, value, "JOINERY_STARTED_PROMISE");
}

/** A time in milliseconds. A negative one is over already; `Infinity` never comes. */
export function expectTime(parameter: string, value: unknown): void {
  if (typeof value === "number" && !Number.isNaN(value)) return;
  const expected = "a number of milliseconds (Infinity for a time that never comes)";
  throw badArgument(parameter, expected, value, "JOINERY_INVALID_TIME");
}

/** A limit: a whole number from 1, or `Infinity`. */
export function expectConcurrency(value: unknown): void {
  if (value === Infinity || (Number.isInteger(value) && (value as number) >= 1)) return;
  const expected = "a whole number from 1, Infinity, or a limiter with acquire()";
  const refuse = typeof value === "number" ? outOfRange : badArgument;
  throw refuse("concurrency", expected, value, "JOINERY_INVALID_CONCURRENCY");
}

/** An options bag, with what all of them may hold. Returns its `signal`, if there is one. */
export function expectOptions(options: {
  signal?: AbortSignal | undefined;
  name?: string | undefined;
}): AbortSignal | undefined {
  // A signal in the place of the options is a mistake that would go unseen.
  if (typeof options !== "object" || options === null || "aborted" in options) {
    throw badArgument("options", "an object like { signal }", options);
  }
  const { signal, name } = options;
  const isSignal =
    typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function";
  if (signal !== undefined && !isSignal) throw badArgument("signal", "an AbortSignal", signal);
  if (name !== undefined && typeof name !== "string") throw badArgument("name", "a string", name);
  return signal;
}

/** One of the words in `allowed`. */
export function expectOneOf(parameter: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  throw badArgument(parameter, allowed.map((word) => `"${word}"`).join(" or "), value);
}
