/** Three pieces of work that wait for promises of somebody else, which settle in whatever order. */

import * as fc from "fast-check";
import {
  all,
  any,
  type CancellableTaskGroup,
  ExceptionGroup,
  race,
  statistics,
  taskGroup,
} from "joinery";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { keepWarnings, takeAnnouncements } from "./announcements.ts";

const names = ["a", "b", "c"] as const;
type Name = (typeof names)[number];

class Play {
  /** The names in the order in which their work was over. */
  readonly over: Name[] = [];
  readonly scheduler: fc.Scheduler;
  readonly #fails: ReadonlySet<Name>;
  readonly #errors = new Map(names.map((name) => [name, new Error(`${name}!`)]));

  constructor(scheduler: fc.Scheduler, fails: readonly Name[]) {
    this.scheduler = scheduler;
    this.#fails = new Set(fails);
  }

  /** Two foreign waits, which no cancellation ends; then a value or an error. */
  readonly works = names.map((name) => async (): Promise<Name> => {
    await this.scheduler.schedule(Promise.resolve(), `${name}, first`);
    await this.scheduler.schedule(Promise.resolve(), `${name}, second`);
    this.over.push(name);
    if (this.#fails.has(name)) throw this.#errors.get(name);
    return name;
  });

  failed(name: Name): boolean {
    return this.#fails.has(name);
  }

  /** The errors of `some`, in that order. */
  errors(some: readonly Name[]): (Error | undefined)[] {
    return some.filter((name) => this.#fails.has(name)).map((name) => this.#errors.get(name));
  }
}

/** Of a group of errors, its members. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

const ofError = (error: unknown): { error: unknown } => ({
  error: error instanceof ExceptionGroup ? error.errors : error,
});

/** How `call` ends, when all promises have settled in the order of this schedule. */
async function outcomeOf<T>(play: Play, call: () => Promise<T>): Promise<Outcome<T>> {
  const ended = call().then((value): Outcome<T> => ({ value }), ofError);
  const outcome = await play.scheduler.waitFor(ended);
  expect(play.over).toHaveLength(3); // it has waited for all of them
  expect(statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
  return outcome;
}

/** Checks `law` for schedules in which promises settle in one turn, and in turns of their own. */
function inEveryOrder(law: (play: Play) => Promise<void>): Promise<void> {
  const fails = fc.subarray([...names]);
  const property = (turns: number): Promise<void> => {
    const act = (settle: () => Promise<void>): Promise<void> => settle().then(() => turn(turns));
    return fc.assert(
      fc.asyncProperty(fc.scheduler({ act }), fails, async (scheduler, failing) => {
        await law(new Play(scheduler, failing));
      }),
      { numRuns: 60 },
    );
  };
  return property(0).then(() => property(1));
}

describe("in every order", { timeout: 30_000 }, () => {
  let printWarnings: () => void;
  beforeAll(() => void (printWarnings = keepWarnings()));
  afterAll(() => printWarnings());

  test("4.1: all() gives every value, or every error in order of completion", () =>
    inEveryOrder(async (play) => {
      const outcome = await outcomeOf(play, () => all(play.works));
      const errors = play.errors(play.over);
      expect(outcome).toEqual(errors.length > 0 ? { error: errors } : { value: [...names] });
    }));

  test("4.4, 4.5: a group that is cancelled at any time ends with the errors, or says that it was", () =>
    inEveryOrder(async (play) => {
      let signal: AbortSignal | undefined;
      const body = (group: CancellableTaskGroup): void => {
        ({ signal } = group);
        for (const work of play.works) group.createTask(work);
        void play.scheduler.schedule(Promise.resolve(), "cancel").then(() => group.cancel());
      };
      const outcome = await outcomeOf(play, () => taskGroup(body, { cancellable: true }));
      const errors = play.errors(play.over);
      // Over before it was cancelled, the group has nothing left to cancel, and its signal never aborts.
      const value = { cancelled: signal?.aborted, value: undefined };
      expect(outcome).toEqual(errors.length > 0 ? { error: errors } : { value });
    }));

  test("2: race() gives the outcome of the first, and announces the errors of the others", () =>
    inEveryOrder(async (play) => {
      const outcome = await outcomeOf(play, () => race(play.works));
      const [first, ...losers] = play.over as [Name, ...Name[]];
      const [error] = play.errors([first]);
      expect(outcome).toEqual(error ? { error } : { value: first });
      expect(await announced()).toEqual(play.errors(losers).map(String).toSorted());
    }));

  test("2: any() gives the first success, and announces errors after it; or all errors in the order of the items", () =>
    inEveryOrder(async (play) => {
      const outcome = await outcomeOf(play, () => any(play.works));
      const best = play.over.find((name) => !play.failed(name));
      expect(outcome).toEqual(best ? { value: best } : { error: play.errors(names) });
      const late = best ? play.over.slice(play.over.indexOf(best)) : [];
      expect(await announced()).toEqual(play.errors(late).map(String).toSorted());
    }));
});

/** The errors in the warnings of late errors, in the order of the items. */
async function announced(): Promise<string[]> {
  const { warnings } = await takeAnnouncements();
  return warnings.map((text) => /^JOINERY_LATE_ERROR: .* (Error: .!)$/.exec(text)?.[1] ?? text);
}
