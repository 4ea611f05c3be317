/** What goes from lane to lane: who created whom, who cancelled whom. */

import type { History } from "../model/history.ts";
import type { Lane } from "./lanes.ts";

export interface Arrow {
  readonly kind: "creation" | "cancellation";
  readonly at: number;
  /** Places in the list of lanes. */
  readonly from: number;
  readonly to: number;
}

/** Those between lanes of which one at least is among `first` to `last`. `places` is that of the lanes. */
export function arrowsOf(
  history: History,
  lanes: readonly Lane[],
  places: ReadonlyMap<number, number>,
  [first, last]: readonly [number, number],
): Arrow[] {
  const arrows = [...cancellations(history, places)];
  for (let to = first; to <= last && to < lanes.length; to++) {
    const [life] = (lanes[to] as Lane).lives;
    const from = placeOf(history, places, life.parent);
    if (from !== undefined && from !== to && life.openedAt !== null)
      arrows.push({ kind: "creation", at: life.openedAt, from, to });
  }
  const isVisible = (place: number): boolean => place >= first && place <= last;
  return arrows.filter(({ from, to }) => isVisible(from) || isVisible(to));
}

function* cancellations(
  history: History,
  places: ReadonlyMap<number, number>,
): Generator<Arrow, void, undefined> {
  for (const { by, origin, at } of history.cancellations.values()) {
    const from = placeOf(history, places, by?.id ?? null);
    const to = placeOf(history, places, origin);
    if (from !== undefined && to !== undefined && from !== to)
      yield { kind: "cancellation", at, from, to };
  }
}

/** Of each scope that has a lane, where. */
export function placesOf(lanes: readonly Lane[]): Map<number, number> {
  const places = new Map<number, number>();
  for (const [place, { lives }] of lanes.entries())
    for (const { id } of lives) places.set(id, place);
  return places;
}

/** The lane of a scope, or of the next one around it that has one. */
function placeOf(
  { lives }: History,
  places: ReadonlyMap<number, number>,
  id: number | null,
): number | undefined {
  for (let next = id; next !== null; next = lives.get(next)?.parent ?? null) {
    const place = places.get(next);
    if (place !== undefined) return place;
  }
  return undefined;
}
