/** Ways to choose: at random, by a list of choices, and all lists of choices one after the other. */

import { InvalidStateError } from "../core/index.ts";
import type { Choose, TakenStep } from "./choosing-scheduler.ts";

/** One way through the test, and the name under which it can be replayed. */
export interface Schedule {
  readonly seed: string;
  readonly choose: Choose;
}

/** Seed 0 is the order without a scheduler, any other is a random one: the same for the same seed. */
export function randomSchedule(seed: number): Schedule {
  const random = randomNumbers(seed);
  const choose: Choose = (ready) => (seed === 0 || ready === 1 ? 0 : Math.floor(random() * ready));
  return { seed: String(seed), choose };
}

/** Numbers from 0 to 1, the same for the same seed (Mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pathPrefix = "path:";

/** The schedule that a seed stands for, or `undefined` if it is none. */
export function scheduleOf(seed: string): Schedule | undefined {
  if (/^\d+$/.test(seed)) return randomSchedule(Number(seed));
  if (!/^path:(\d+(\.\d+)*)?$/.test(seed)) return undefined;
  const choices = seed.slice(pathPrefix.length);
  return pathSchedule(choices === "" ? [] : choices.split(".").map(Number));
}

/**
 * Makes these choices, one for each step for which there is one, and then the first of the ready ones each time.
 * `expected` is how many were ready when these choices were made before.
 */
function pathSchedule(choices: readonly number[], expected: readonly number[] = []): Schedule {
  let made = 0;
  const choose: Choose = (ready) => {
    if (ready === 1) return 0; // no choice
    const before = expected[made] ?? ready;
    const choice = choices[made] ?? 0;
    made++;
    if (before !== ready || choice >= ready) throw notRepeatable();
    return choice;
  };
  return { seed: pathPrefix + choices.join("."), choose };
}

function notRepeatable(): InvalidStateError {
  return new InvalidStateError(
    "JOINERY_NOT_REPEATABLE",
    "The test did not do the same when its steps came in the same order. It must set up all that it uses " +
      "by itself, and depend neither on real time nor on chance.",
  );
}

/** A schedule that is yet to be run: that of `base`, with another choice at one place. */
interface Branch {
  readonly base: readonly number[];
  readonly widths: readonly number[];
  readonly at: number;
  readonly choice: number;
}

/**
 * All schedules that differ from the order without a scheduler by at most `bound` delays, those with the
 * fewest differences first. To go on with the third of the ready ones is to delay two.
 *
 * Idea: delay-bounded scheduling (Emmi, Qadeer, Rakamarić).
 */
export class AllSchedules {
  readonly #bound: number;
  readonly #limit: number;
  readonly #pending: Branch[] = [];
  #given = 0;
  #choices: readonly number[] = [];
  /** Whether there are more than the limit. */
  cut = false;

  constructor(bound: number, limit: number) {
    this.#bound = bound;
    this.#limit = limit;
  }

  /** The next one; `undefined` after the last. */
  next(): Schedule | undefined {
    if (this.#given === 0) {
      this.#given = 1;
      return pathSchedule([]);
    }
    const branch = this.#pending[this.#given - 1];
    if (branch === undefined) return undefined;
    this.#given++;
    const { base, widths, at, choice } = branch;
    this.#choices = [
      ...base.slice(0, at),
      ...Array<number>(Math.max(0, at - base.length)).fill(0),
      choice,
    ];
    return pathSchedule(this.#choices, widths.slice(0, at + 1));
  }

  /** Adds those that branch off from the one that was given last, after its last choice. */
  ran(taken: readonly TakenStep[]): void {
    const base = this.#choices;
    const widths = taken.map(({ ready }) => ready).filter((ready) => ready > 1);
    const left = this.#bound - base.reduce((sum, choice) => sum + choice, 0);
    for (let at = base.length; at < widths.length; at++) {
      for (let choice = 1; choice <= Math.min(left, (widths[at] as number) - 1); choice++) {
        this.#add({ base, widths, at, choice });
      }
    }
  }

  #add(branch: Branch): void {
    if (this.#pending.length < this.#limit - 1) this.#pending.push(branch);
    else this.cut = true;
  }
}
