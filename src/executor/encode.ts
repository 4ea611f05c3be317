/** From values to the wire: see `wire.ts` for the format. */

import { badArgument } from "../core/arguments.ts";
import { membersOf } from "../core/error-tree.ts";
import { asError, describe, isError } from "../core/errors.ts";
import { originOf } from "../core/format-exception.ts";
import { classesOf, type RegisteredClass } from "./error-classes.ts";
import { deepest, type Json, type Tag, type WireError } from "./wire.ts";

/** Encodes a value. Throws `TypeError` (`JOINERY_DOES_NOT_TRAVEL`) if it, or a part of it, does not travel; `name` is what the caller calls it. */
export function encodeValue(value: unknown, name: string): Json {
  return new Encoder([name]).value(value);
}

/** Encodes an error, whatever it holds. What is thrown and is no error becomes the cause of one. */
export function encodeError(thrown: unknown): WireError {
  return new Encoder(["error"]).error(asError(thrown));
}

class Encoder {
  /** The keys on the way to the value that is encoded. */
  readonly #place: string[];
  /** The objects on that way. */
  readonly #around = new Set<object>();
  /** How many of these are errors: inside one, everything travels somehow (F3). */
  #errors = 0;

  constructor(place: string[]) {
    this.#place = place;
  }

  value(value: unknown): Json {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : tagged("$number", Object.is(value, -0) ? "-0" : String(value));
      case "bigint":
        return tagged("$bigint", String(value));
      case "undefined":
        return tagged("$undefined", true);
      case "object":
        return value === null ? null : this.#inside(value, () => this.#object(value));
      default:
        return this.#refuse(value);
    }
  }

  #at(key: string, value: unknown): Json {
    this.#place.push(key);
    try {
      return this.value(value);
    } finally {
      this.#place.pop();
    }
  }

  #inside<R>(object: object, encode: () => R): R | Json {
    if (this.#around.has(object))
      return this.#refuse(object, "something that does not contain itself");
    if (this.#around.size >= deepest) return this.#refuse(object, `at most ${deepest} levels deep`);
    this.#around.add(object);
    try {
      return encode();
    } finally {
      this.#around.delete(object);
    }
  }

  #object(value: object): Json {
    if (Array.isArray(value)) return this.#list(value);
    if (isError(value)) return tagged("$error", this.error(value) as unknown as Json);
    switch (kindOf(value)) {
      case "Date":
        return tagged("$date", this.value((value as Date).getTime()));
      case "RegExp":
        return tagged("$regexp", [(value as RegExp).source, (value as RegExp).flags]);
      case "Map":
        return tagged("$map", this.#list([...(value as Map<unknown, unknown>)]));
      case "Set":
        return tagged("$set", this.#list([...(value as Set<unknown>)]));
      case "ArrayBuffer":
        return tagged("$bytes", ["ArrayBuffer", base64(new Uint8Array(value as ArrayBuffer))]);
    }
    if (ArrayBuffer.isView(value)) {
      if (kindOf(value.buffer) !== "ArrayBuffer")
        return this.#refuse(value, "something that is no shared memory");
      const { buffer, byteOffset, byteLength } = value;
      const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      return tagged("$bytes", [kindOf(value), base64(bytes)]);
    }
    return isPlain(value) ? this.#record(value) : this.#refuse(value);
  }

  /** Every place of the array, also one that is empty. */
  #list(values: readonly unknown[]): Json[] {
    return Array.from(values, (value, at) => this.#at(`[${at}]`, value));
  }

  #record(value: object): { [key: string]: Json } {
    const entries = Object.entries(value).map(([key, item]): [string, Json] => [
      key.startsWith("$") ? `$${key}` : key,
      this.#at(`.${key}`, item),
    ]);
    return Object.fromEntries(entries);
  }

  error(error: Error): WireError {
    this.#errors++;
    this.#around.add(error);
    try {
      return this.#error(error);
    } finally {
      this.#errors--;
    }
  }

  #error(error: Error & { code?: unknown; cause?: unknown }): WireError {
    const registered = classesOf(error);
    const [nearest] = registered;
    const members = membersOf(error);
    const own = Object.entries(error).filter(([key]) => !standard.has(key));
    const { message } = error as { message: unknown };
    const { stack } = originOf(error);
    return {
      classes: registered.map((entry) => entry.name),
      name: nameOf(error, nearest),
      message: String(message),
      ...(error.code !== undefined && { code: this.#at(".code", error.code) }),
      ...(typeof stack === "string" && { stack }),
      ...("cause" in error && { cause: this.#at(".cause", error.cause) }),
      ...(members.length > 0 && { errors: this.#list(members) }),
      ...(own.length > 0 && { data: this.#record(Object.fromEntries(own)) }),
      ...(nearest?.encode && { encoded: this.#at(".encode()", nearest.encode(error as never)) }),
    };
  }

  /** What does not travel: described in words inside an error, a mistake of the caller elsewhere. */
  #refuse(value: unknown, expected = "something that travels"): Json {
    if (this.#errors > 0) return isError(value) ? inWords(value) : `[${describe(value)}]`;
    throw badArgument(this.#place.join(""), expected, value, "JOINERY_DOES_NOT_TRAVEL");
  }
}

/** Many classes never set their name; where the class gets lost, its own says more than "Error". */
function nameOf(error: Error, nearest: RegisteredClass | undefined): string {
  const comesBack = nearest?.class.prototype === Object.getPrototypeOf(error);
  const { name, constructor } = error as { name: unknown; constructor?: { name?: unknown } };
  return String(name === "Error" && !comesBack ? (constructor?.name ?? name) : name);
}

/** What a `WireError` has a place of its own for. */
const standard = new Set([
  "name",
  "message",
  "stack",
  "cause",
  "errors",
  "code",
  "error",
  "suppressed",
]);

/** An error without what is around it. */
function inWords({ name, message }: Error): Json {
  return tagged("$error", { classes: [], name, message });
}

function tagged(tag: Tag, content: Json): Json {
  return { [tag]: content };
}

/** `Date`, `Map`, `Uint8Array`: what it is for the language, whatever realm it comes from. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const chunk = 0x8000;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += chunk)
    text += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(text);
}
