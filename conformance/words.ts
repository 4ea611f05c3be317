/** What happened, in words that are the same on both sides. */

import { CancelledError, ExceptionGroup, InvalidStateError, TimeoutError } from "joinery";
import type { ErrorName } from "./tasks/program.ts";

/** The errors that programs throw. Each is a class of its own for `except` and `except*`. */
abstract class ProgramError extends Error {}
class A extends ProgramError {
  override readonly name = "A";
}
class B extends ProgramError {
  override readonly name = "B";
}
class C extends ProgramError {
  override readonly name = "C";
}

export const raisable = { A, B, C, CancelledError } as const;

export const classes: { readonly [N in ErrorName]: new (...args: never[]) => Error } = {
  A,
  B,
  C,
  TimeoutError,
  group: ExceptionGroup,
};

/** The whole tree: types, messages, nesting, order. */
export function text(error: unknown): string {
  if (error instanceof ExceptionGroup)
    return `group(${error.message})[${error.errors.map(text).join(", ")}]`;
  if (error instanceof CancelledError) return "CancelledError";
  if (error instanceof TimeoutError) return "TimeoutError";
  if (error instanceof InvalidStateError) return "InvalidStateError";
  return error instanceof Error ? `${error.name}(${error.message})` : String(error);
}

export class Record {
  readonly #now: () => number;
  readonly #turn: () => number;
  readonly #events: { at: number; turn: number; what: string }[] = [];

  /** `turn` numbers what comes one after the other at one time. */
  constructor(now: () => number, turn: () => number = () => 0) {
    this.#now = now;
    this.#turn = turn;
  }

  log(who: number | string, what: string): void {
    this.#events.push({ at: this.#now(), turn: this.#turn(), what: `${who} ${what}` });
  }

  /** In order of time, and by their text in one turn: that order is free. */
  sorted(): string[] {
    const { compare } = byCodePoint;
    const sorted = this.#events.toSorted(
      (a, b) => a.at - b.at || a.turn - b.turn || compare(a.what, b.what),
    );
    return sorted.map(({ at, what }) => `${at}: ${what}`);
  }
}

const byCodePoint = { compare: (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0) };
