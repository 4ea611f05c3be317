/** The errors of a program as objects, and any error as plain data. */

import { CancelledError, ExceptionGroup } from "joinery";
import type { Node } from "./program.ts";

type WithNotes = Error & { notes?: string[] };

class Fault extends Error {}
class Glitch extends Fault {}
class SmallGlitch extends Glitch {}
class Outage extends Error {}

/** Derives its own class. */
class Batch extends ExceptionGroup {
  override derive(errors: readonly Error[]): Batch {
    return new Batch(this.message, errors);
  }
}

/** Leaves it to the default: parts are plain groups. */
class Ledger extends ExceptionGroup {}

/** Derives its own class, with a message that says so. */
class Renamed extends ExceptionGroup {
  override derive(errors: readonly Error[]): Renamed {
    return new Renamed(`part of ${ownMessage(this.message)}`, errors);
  }
}

/** Derives its own class, with a cause and a note. */
class Signed extends ExceptionGroup {
  override derive(errors: readonly Error[]): Signed {
    return Object.assign(new Signed(this.message, errors, { cause: this }), { notes: ["signed"] });
  }
}

/** As Python's `add_note`: to the list that is there. */
export function addNote(error: WithNotes, note: string): void {
  (error.notes ??= []).push(note);
}

export function notesOf(error: WithNotes): readonly string[] {
  return error.notes ?? [];
}

/** The message of the group that a part was made of. */
export function ownMessage(message: string): string {
  return message.replace(/^part of /, "");
}

const leaves = { Fault, Glitch, SmallGlitch, Outage, TypeError, CancelledError };
const groups = { ExceptionGroup, Batch, Ledger, Renamed, Signed };

export type ErrorClass = abstract new (...args: never[]) => Error;

/** The classes that matchers name. */
export const classes: Readonly<Record<string, ErrorClass>> = {
  Error,
  ...leaves,
  ...groups,
  // Those of others are groups too.
  ExceptionGroup: AggregateError,
};

export type Description =
  | null
  | (Facts & { readonly error: number })
  | (Facts & { readonly group: string; readonly members: readonly Description[] });

interface Facts {
  readonly is: string;
  readonly cause: number | "another" | null;
  readonly notes: readonly string[];
}

export class Errors {
  readonly list: WithNotes[] = [];
  readonly #numbers = new Map<unknown, number>();

  constructor(nodes: readonly Node[]) {
    for (const [number, node] of nodes.entries()) {
      const error = this.#make(node, number);
      if (node.notes.length > 0) error.notes = [...node.notes];
      this.list.push(error);
      this.#numbers.set(error, number);
    }
  }

  #make({ is, members, cause }: Node, number: number): WithNotes {
    const options = cause === null ? {} : { cause: this.list[cause] };
    if (members === undefined)
      return new leaves[is as keyof typeof leaves](`error ${number}`, options);
    const errors = members.map((member) => this.list[member]!);
    if (is === "AggregateError") return new AggregateError(errors, `group ${number}`, options);
    return new groups[is as keyof typeof groups](`group ${number}`, errors, options);
  }

  get root(): WithNotes {
    return this.list.at(-1)!;
  }

  /**
   * The error with that number; they repeat. Never the root: to see whether a handler threw its part again, CPython
   * compares tracebacks with those of the root, and throwing that changes them.
   */
  at(number: number): Error {
    return this.list[number % (this.list.length - 1)]!;
  }

  /** An error and all in it; `null` for none. */
  describe(error: unknown): Description {
    if (error === undefined) return null;
    const { constructor, cause, message } = error as Error;
    const facts = {
      cause: cause === undefined ? null : (this.#numbers.get(cause) ?? ("another" as const)),
      notes: [...notesOf(error as Error)],
    };
    if (!(error instanceof AggregateError)) {
      const number = this.#numbers.get(error);
      if (number === undefined) throw new Error("a stranger", { cause: error });
      return { error: number, is: constructor.name, ...facts };
    }
    const is = error instanceof ExceptionGroup ? constructor.name : "ExceptionGroup";
    const members = error.errors.map((member) => this.describe(member));
    return { group: message, is, ...facts, members };
  }
}
