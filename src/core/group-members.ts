/** What may become a group: the checks at the door of `new ExceptionGroup(message, errors)`. */
import { badArgument, describe, isError } from "./errors.ts";

/** The members of a new group, copied and frozen. Throws if there are none, or if one is no error. */
export function checkedMembers<Member>(message: unknown, errors: Iterable<Member>): Member[] {
  if (typeof message !== "string") {
    throw badArgument(
      TypeError,
      "JOINERY_INVALID_ARGUMENT",
      `Expected the message of an ExceptionGroup to be a string, got ${describe(message)}`,
    );
  }
  if (
    typeof (errors as Partial<Iterable<Member>> | null | undefined)?.[Symbol.iterator] !==
    "function"
  ) {
    throw badArgument(
      TypeError,
      "JOINERY_INVALID_ARGUMENT",
      `Expected the errors of an ExceptionGroup to be an array or another iterable, got ${describe(errors)}`,
    );
  }
  const members = [...errors];
  if (members.length === 0)
    throw badArgument(RangeError, "JOINERY_EMPTY_GROUP", "Expected at least one error, got none");
  const odd = members.findIndex((member) => !isError(member));
  if (odd === -1) return Object.freeze(members) as Member[];
  throw badArgument(
    TypeError,
    "JOINERY_NOT_AN_ERROR",
    `Expected member ${odd} to be an error, got ${describe(members[odd])}`,
  );
}
