/** Which classes of errors come back as themselves. */

import { badArgument } from "../core/arguments.ts";
import { CancelledError, InvalidStateError, TimeoutError } from "../core/errors.ts";
import { ExceptionGroup } from "../core/exception-group.ts";
import type { ErrorClass } from "../core/matcher.ts";

/** What every error has, as it came from the wire. */
export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly code: unknown;
  /** The members of a group. */
  readonly members: readonly Error[];
  /** Its other own properties. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ErrorClassOptions<E extends Error, D> {
  /** What it is called on the wire. Default: the name of the class. */
  name?: string;
  /** Takes an instance apart, into something that travels. */
  encode?: (error: E) => D;
  /** Makes an instance of what `encode` gave. Message, stack, cause and own properties are put back by joinery. */
  decode?: (data: D) => E;
}

export interface RegisteredClass {
  readonly name: string;
  readonly class: ErrorClass;
  /** Makes an instance from what every error has; a class without it is made by the nearest one above that has it. */
  readonly make?: ((parts: ErrorParts) => Error) | undefined;
  readonly encode?: ((error: never) => unknown) | undefined;
  readonly decode?: ((data: never) => Error) | undefined;
}

const byName = new Map<string, RegisteredClass>();
const byPrototype = new Map<unknown, RegisteredClass>();

function add(entry: RegisteredClass): void {
  byName.set(entry.name, entry);
  byPrototype.set(entry.class.prototype, entry);
}

for (const known of [
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
] as const)
  add({ name: known.name, class: known, make: ({ message }) => new known(message) });
add({ name: "Error", class: Error, make: ({ message }) => new Error(message) });
add({
  name: "AggregateError",
  class: AggregateError,
  make: ({ message, members }) => new AggregateError(members, message),
});
add({
  name: "DOMException",
  class: DOMException,
  make: ({ message, name }) => new DOMException(message, name),
});
add({
  name: "joinery.CancelledError",
  class: CancelledError,
  make: ({ message, data }) => new CancelledError(message, data),
});
add({
  name: "joinery.TimeoutError",
  class: TimeoutError,
  make: ({ message }) => new TimeoutError(message),
});
add({
  name: "joinery.InvalidStateError",
  class: InvalidStateError,
  make: ({ message, code }) => new InvalidStateError(code as InvalidStateError["code"], message),
});
add({
  name: "joinery.ExceptionGroup",
  class: ExceptionGroup,
  make: ({ message, members }) => new ExceptionGroup(message, members),
});

/**
 * Makes a class of errors come back as itself from a remote function. Both sides have to call it: put
 * it where the class is declared.
 *
 * An instance is made without calling its constructor: message, `code`, stack, cause, the members of a
 * group and all own properties are put back on an object of the class. A class with `#private` fields
 * needs `encode` and `decode`.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if `errorClass` is no class of errors, if another one has its
 * name, or if only one of `encode` and `decode` is given.
 *
 * *Cancellation*: not subject to it.
 *
 * @example
 * ```ts
 * import { inProcess, registerError, remote } from "joinery/executor";
 *
 * class QuotaError extends RangeError {
 *   readonly limit: number;
 *   constructor(limit: number) {
 *     super(`more than ${limit}`);
 *     this.limit = limit;
 *   }
 * }
 * registerError(QuotaError);
 * const store = remote("store", () => {
 *   throw new QuotaError(5);
 * });
 * const executor = inProcess({ store });
 * const error: unknown = await executor.call(store).catch((reason: unknown) => reason);
 * console.log(error instanceof QuotaError && error.limit); // 5
 * await executor.close();
 * ```
 *
 * Idea: Python's `copyreg`; Temporal's failure converter.
 */
export function registerError<E extends Error, D = unknown>(
  errorClass: abstract new (...args: never[]) => E,
  options: ErrorClassOptions<E, D> = {},
): void {
  const { prototype } = (errorClass ?? {}) as { prototype?: unknown };
  if (typeof errorClass !== "function" || !("message" in Object(prototype)))
    throw badArgument("errorClass", "a class of errors", errorClass);
  const { name = errorClass.name, encode, decode } = options;
  const other = byName.get(name)?.class;
  if (other !== undefined && other !== errorClass)
    throw badArgument("name", "a name that no other class of errors is registered by", name);
  if (typeof encode !== typeof decode)
    throw badArgument("options", "an object with both encode and decode, or neither", options);
  add({ name, class: errorClass, encode, decode });
}

/** The registered classes that `error` is of, the nearest first. */
export function classesOf(error: Error): RegisteredClass[] {
  const found: RegisteredClass[] = [];
  for (
    let at: unknown = Object.getPrototypeOf(error);
    at !== null;
    at = Object.getPrototypeOf(at)
  ) {
    const entry = byPrototype.get(at) ?? sameElsewhere(at as object, error);
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

/** The class by whose name a class of another realm, or of a second copy of joinery, goes. */
function sameElsewhere(prototype: object, error: Error): RegisteredClass | undefined {
  const name = String((prototype.constructor as { name?: unknown } | undefined)?.name);
  const ours = byName.get(`joinery.${name}`);
  if (ours !== undefined) return error instanceof ours.class ? ours : undefined;
  const entry = byName.get(name);
  // An error that is no instance of our own `Error` is of another realm.
  return entry?.make && !(error instanceof Error) ? entry : undefined;
}

/** The class of that name, if this side has registered it. */
export function classNamed(name: string): RegisteredClass | undefined {
  return byName.get(name);
}
