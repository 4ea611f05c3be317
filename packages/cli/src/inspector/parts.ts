/**
 * What a source tells, in messages that a page takes without a stop: short ones, and nothing twice.
 *
 * A1. No message holds more than 500 scopes or events.
 * A2. A scope is told again only if it is not as it was told; what only grows older is not told.
 * A3. What was told adds up to the snapshot, when its last part is there; nothing is shown before.
 */

import type { ScopeSnapshot, Snapshot, WaitSnapshot } from "joinery/observe";
import type { FeedMessage, PageMessage } from "./source.ts";

/** As many events or scopes are parsed in some milliseconds. */
export const mostInOne = 500;

/** For one page: it knows what that has been told. */
export class Parts {
  /** By scope: what was told of it, but for what only grows older. */
  #told: ReadonlyMap<number, string> = new Map();

  *of(message: FeedMessage): Generator<PageMessage> {
    if ("snapshot" in message) yield* this.#ofSnapshot(message.snapshot);
    else for (const events of slices(message.events)) yield { events };
  }

  *#ofSnapshot({ scopes, ...head }: Snapshot): Generator<PageMessage> {
    const { time } = head;
    const before = this.#told;
    const now = new Map(scopes.map((scope) => [scope.id, essence(scope, time)]));
    this.#told = now;
    const news = scopes.filter(({ id }) => before.get(id) !== now.get(id));
    for (const some of slices(news)) yield { scopes: some, time };
    yield { snapshot: head, gone: [...before.keys()].filter((id) => !now.has(id)) };
  }
}

function* slices<T>(items: readonly T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += mostInOne) yield items.slice(i, i + mostInOne);
}

/** What of a scope is news when it changes: ages are not, if they have grown as time went on. */
function essence({ timeLeft, waits, ...rest }: ScopeSnapshot, time: number): string {
  const moments = waits.map((wait) => essenceOfWait(wait, time));
  return JSON.stringify([{ ...rest, age: null }, moment(timeLeft, time), moments]);
}

function essenceOfWait({ age, timeLeft, ...rest }: WaitSnapshot, time: number): unknown {
  return [rest, moment(age === null ? null : -age, time), moment(timeLeft, time)];
}

/** Both clocks go by milliseconds: what is this near to each other is the same moment. */
const precision = 16;

function moment(from: number | null, time: number): number | null {
  return from === null ? null : Math.round((time + from) / precision);
}
