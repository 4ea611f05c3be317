/** From the wire to values: see `wire.ts` for the format. */

import { asError } from "../core/errors.ts";
import { originKey } from "../core/format-exception.ts";
import { classNamed, type ErrorParts } from "./error-classes.ts";
import type { Json, Tag, WireError } from "./wire.ts";

/** The value that was encoded. */
export function decodeValue(wire: Json): unknown {
  if (typeof wire !== "object" || wire === null) return wire;
  if (Array.isArray(wire)) return wire.map(decodeValue);
  const entries = Object.entries(wire);
  const [key = "", content = null] = entries[0] ?? [];
  if (entries.length === 1 && Object.hasOwn(special, key))
    return special[key as Tag](content as never);
  const decoded = entries.map(([name, item]) => [unescaped(name), decodeValue(item)]);
  return Object.fromEntries(decoded) as unknown;
}

function unescaped(key: string): string {
  return key.startsWith("$$") ? key.slice(1) : key;
}

const special: Record<Tag, (content: never) => unknown> = {
  $undefined: () => undefined,
  $number: (text: string) => Number(text),
  $bigint: (text: string) => BigInt(text),
  $date: (ms: Json) => new Date(decodeValue(ms) as number),
  $regexp: ([source, flags]: [string, string]) => new RegExp(source, flags),
  $map: (items: Json) => new Map(decodeValue(items) as [unknown, unknown][]),
  $set: (items: Json) => new Set(decodeValue(items) as unknown[]),
  $bytes: ([kind, text]: [string, string]) => bytesAs(kind, text),
  $error: (wire: WireError) => decodeError(wire),
};

const views: Record<string, new (buffer: ArrayBuffer) => unknown> = {
  BigInt64Array,
  BigUint64Array,
  DataView,
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
};

function bytesAs(kind: string, text: string): unknown {
  const { buffer } = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
  const View = views[kind];
  return View === undefined ? buffer : new View(buffer);
}

/** The error that was encoded, of the nearest class that this side knows. */
export function decodeError(wire: WireError): Error {
  const data = Object.entries(wire.data ?? {}).map(([key, value]) => [
    unescaped(key),
    decodeValue(value),
  ]);
  const parts: ErrorParts = {
    name: wire.name,
    message: wire.message,
    code: wire.code === undefined ? undefined : decodeValue(wire.code),
    members: (wire.errors ?? []).map((member) => asError(decodeValue(member))),
    data: Object.fromEntries(data) as Record<string, unknown>,
  };
  const error = instance(wire, parts);
  restore(error, "message", wire.message, false);
  restore(error, "name", wire.name);
  if (parts.code !== undefined) restore(error, "code", parts.code);
  if (wire.cause !== undefined) restore(error, "cause", decodeValue(wire.cause), false);
  for (const [key, value] of Object.entries(parts.data)) restore(error, key, value);
  if (wire.stack !== undefined) setStack(error, wire.stack);
  return error;
}

function instance(wire: WireError, parts: ErrorParts): Error {
  const known = wire.classes.map(classNamed).filter((entry) => entry !== undefined);
  const [nearest] = known;
  if (nearest?.decode && wire.encoded !== undefined)
    return nearest.decode(decodeValue(wire.encoded) as never);
  const maker = known.find((entry) => entry.make) ?? nearest;
  const made = maker?.make?.(parts) ?? new Error(wire.message);
  if (nearest && nearest !== maker) Object.setPrototypeOf(made, nearest.class.prototype as object);
  if (parts.members.length > 0 && !("errors" in made)) restoreMembers(made, parts);
  return made;
}

/** A group of a class that this side does not know is a group all the same. */
function restoreMembers(error: Error, { name, members }: ErrorParts): void {
  if (name === "SuppressedError") {
    restore(error, "error", members[0], false);
    restore(error, "suppressed", members[1], false);
  } else restore(error, "errors", members, false);
}

function restore(error: Error, key: string, value: unknown, enumerable = true): void {
  if (key in error && Object.is((error as unknown as Record<string, unknown>)[key], value)) return;
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}

/** The `stack` of a group is its tree; where it was made is kept beside it. */
function setStack(error: Error & { [originKey]?: Pick<Error, "stack"> }, stack: string): void {
  if (error[originKey]) error[originKey] = { stack };
  else restore(error, "stack", stack, false);
}
