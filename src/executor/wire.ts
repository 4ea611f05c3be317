/**
 * The wire format: JSON, in which everything that JSON has no word for is an object with one key
 * that begins with `$`. A key of a program that begins with `$` gets a second one.
 *
 *   `{"$date": 0}`  `{"$bigint": "12"}`  `{"$map": [["a", 1]]}`  `{"$error": {…}}`  `{"$$ref": "a plain key"}`
 *
 * F1. What `encodeValue` takes, `decodeValue` gives back, of the same type and equal to it.
 * F2. What it does not take it refuses, and names the place; nothing is left out in silence.
 * F3. An error always travels. What an error holds and cannot travel is described in words.
 */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** An error, as it travels. */
export interface WireError {
  /** The classes it is of that the sender has registered, the nearest first. */
  readonly classes: readonly string[];
  readonly name: string;
  readonly message: string;
  readonly code?: Json;
  readonly stack?: string;
  readonly cause?: Json;
  /** The members of a group. */
  readonly errors?: readonly Json[];
  /** Its other own properties. */
  readonly data?: { readonly [key: string]: Json };
  /** What the `encode` of its class made of it. */
  readonly encoded?: Json;
}

/** The kinds of objects that JSON has no word for, by the key they travel under. */
export type Tag =
  | "$undefined"
  | "$number"
  | "$bigint"
  | "$date"
  | "$regexp"
  | "$map"
  | "$set"
  | "$bytes"
  | "$error";

/** Deeper values are refused, and errors cut: the machines on both ends recurse. */
export const deepest = 200;
