/** Matchers: which errors a `split`, a `subgroup` or an `except*` clause asks for. */
import { badArgument, describe } from "./errors.ts";

/** A class whose instances are errors. */
export type ErrorClass<E extends Error = Error> = abstract new (...args: never[]) => E;

/** A predicate that narrows what it is asked about. */
export type TypeGuard<E extends Error = Error> = (error: Error) => error is E;

/**
 * Which errors are meant: an error class, an array of classes (any of them), or a predicate.
 * A predicate that is a type guard narrows as a class does.
 *
 * Idea: the condition of PEP 654's `split` and `subgroup`.
 */
export type Matcher<E extends Error = Error> =
  | ErrorClass<E>
  | readonly ErrorClass<E>[]
  | TypeGuard<E>
  | ((error: Error) => boolean);

/**
 * The errors that a matcher of type `M` lets through: the instances of the class or the classes,
 * or what the type guard says. A plain predicate tells nothing, so it gives `Plain`.
 */
export type Matched<M, Plain extends Error = Error> =
  M extends ErrorClass<infer E>
    ? E
    : M extends readonly ErrorClass<infer E>[]
      ? E
      : M extends TypeGuard<infer E>
        ? E
        : Plain;

/** The one form in which matchers are used. */
export type Condition = (error: Error) => boolean;

/** Compiles `matcher` into a predicate, once. Throws a `TypeError` (`JOINERY_INVALID_ARGUMENT`) for anything else. */
export function matches(matcher: unknown): Condition {
  if (Array.isArray(matcher)) return matchesAny(matcher);
  if (isErrorClass(matcher)) return (error) => error instanceof matcher;
  // A class that makes no errors would only throw once it is called, far from the mistake.
  if (typeof matcher !== "function" || isClassSyntax(matcher)) throw refused(describe(matcher));
  return (error) => Boolean(matcher(error));
}

/** The classes that `matcher` names; none for a predicate. */
export function classesIn(matcher: unknown): readonly ErrorClass[] {
  return [matcher].flat().filter(isErrorClass);
}

function matchesAny(classes: readonly unknown[]): Condition {
  const odd = classes.findIndex((element) => !isErrorClass(element));
  if (odd !== -1) throw refused(`an array with ${describe(classes[odd])}`);
  const known = [...(classes as readonly ErrorClass[])];
  return (error) => known.some((one) => error instanceof one);
}

function isErrorClass(value: unknown): value is ErrorClass {
  return (
    typeof value === "function" &&
    (value === Error ||
      value.prototype instanceof Error ||
      Object.hasOwn(value, Symbol.hasInstance))
  );
}

function isClassSyntax(fn: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}

function refused(got: string): Error {
  return badArgument(
    TypeError,
    "JOINERY_INVALID_ARGUMENT",
    `Expected a matcher to be an error class, an array of error classes or a predicate, got ${got}`,
  );
}
