/** The rows of the timeline: a lane for each scope that was ever there, or for many that are alike. */

import type { History } from "../model/history.ts";
import { isNamed, type Life, titleOf } from "../model/life.ts";
import { stem } from "../parts/words.ts";

export interface Lane {
  readonly key: string;
  readonly depth: number;
  readonly title: string;
  /** One, or those that are alike. */
  readonly lives: readonly [Life, ...Life[]];
  readonly canToggle: boolean;
  readonly isOpen: boolean;
}

/** More that differ only in numbers share a lane. */
const many = 6;

interface Pending {
  readonly lives: Lane["lives"];
  readonly depth: number;
  readonly key: string;
}

/** From the root down, in order of creation. `toggled` are the lanes that are not as they are by default. */
export function lanesOf(history: History, toggled: ReadonlySet<string>, query: string): Lane[] {
  const lanes: Lane[] = [];
  const pending = together(inner(history.roots(), history), 0, "").toReversed();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { lives, depth, key } = next;
    const isMany = lives.length > 1;
    const below = inner(
      lives.flatMap(({ id }) => history.childrenOf(id)),
      history,
    );
    const isOpen = isMany ? toggled.has(key) : !toggled.has(key);
    const canToggle = isMany || below.length > 0;
    const title = isMany ? stem(titleOf(lives[0])) : titleOf(lives[0]);
    lanes.push({ key, depth, title, lives, canToggle, isOpen });
    if (!isMany && !isOpen) continue;
    const rest = isMany && isOpen ? oneByOne(lives, depth + 1) : together(below, depth + 1, key);
    for (const each of rest.toReversed()) pending.push(each);
  }
  return query === "" ? lanes : lanes.filter(({ title }) => matches(title, query));
}

function matches(title: string, query: string): boolean {
  return title.toLowerCase().includes(query.toLowerCase());
}

/** The process and blocks without a name have no lane: what is in them stands in their place. */
function inner(lives: readonly Life[], history: History): Life[] {
  return lives.flatMap((life) =>
    life.kind === "process" || (!isNamed(life) && life.kind !== "group" && life.kind !== "shield")
      ? inner(history.childrenOf(life.id), history)
      : [life],
  );
}

function oneByOne(lives: Lane["lives"], depth: number): Pending[] {
  return lives.map((life) => ({ lives: [life], depth, key: `${life.id}` }));
}

function together(lives: readonly Life[], depth: number, around: string): Pending[] {
  const byLook = new Map<string, [Life, ...Life[]]>();
  for (const life of lives) {
    const alike = byLook.get(life.look);
    if (alike) alike.push(life);
    else byLook.set(life.look, [life]);
  }
  return [...byLook].flatMap(([look, alike]) =>
    alike.length < many
      ? oneByOne(alike, depth)
      : [{ lives: alike, depth, key: `${around}/${look}` }],
  );
}

/** From when to when a lane has something. */
export function extentOf({ lives }: Lane, begin: number, now: number): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (const { openedAt, closedAt } of lives) {
    from = Math.min(from, openedAt ?? begin);
    to = Math.max(to, closedAt ?? now);
  }
  return [from, to];
}

/** How many of a lane were there at once, at evenly spaced moments from `from` to `to`. */
export function profileOf(
  { lives }: Lane,
  [from, to]: readonly [number, number],
  samples: number,
): number[] {
  const step = (to - from) / samples;
  const changes = Array.from({ length: samples + 1 }, () => 0);
  const indexOf = (at: number): number =>
    Math.min(samples, Math.max(0, Math.floor((at - from) / step)));
  for (const { openedAt, closedAt } of lives) {
    if ((openedAt ?? from) > to || (closedAt ?? to) < from) continue;
    const first = indexOf(openedAt ?? from);
    changes[first] = (changes[first] as number) + 1;
    const last = closedAt === null || closedAt > to ? samples : indexOf(closedAt) + 1;
    if (last <= samples) changes[last] = (changes[last] as number) - 1;
  }
  let alive = 0;
  return changes.slice(0, samples).map((change) => (alive += change));
}
