/** Matchers: which errors a `split`, a `subgroup` or an `except*` clause asks for. */
import { badArgument } from "./arguments.ts";

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

/** `matcher` as a predicate. Throws a `TypeError` (`JOINERY_INVALID_ARGUMENT`) for anything else. */
export function conditionOf(matcher: unknown): Condition {
  const classes = [matcher].flat();
  if (classes.every(isErrorClass)) return (error) => classes.some((one) => error instanceof one);
  if (typeof matcher === "function") return (error) => Boolean(matcher(error));
  throw badArgument("matcher", "an error class, an array of them or a predicate", matcher);
}

/** By what its instances inherit, since the `Error` of another realm is not ours. */
function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === "function" && "message" in Object(value.prototype);
}
