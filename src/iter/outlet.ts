/**
 * Between the work and the loop: the results on their way, and the steps of the loop that wait for one.
 *
 * O1. Results leave in the order of their places; one that is not there yet holds up those behind it.
 * O2. What is ready leaves before the end is told.
 * O3. A lane never has more items under way than its limit: each counts from its pull until the loop
 *     comes back for another one, so that an item in the body of the loop is one of them.
 */

import { type Parked, suspend } from "../core/index.ts";
import { append, type Linked, remove } from "../core/linked.ts";

/** What a step of the loop gets. */
export type Step<T> = IteratorResult<T, undefined>;

/** The step that says that there is no more. */
export function finished(): IteratorReturnResult<undefined> {
  return { done: true, value: undefined };
}

/** How many items of one source may be under way. */
export class Lane {
  #free: number;
  #waiting: Parked<void> | undefined;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Waits until there is room for one more item, and takes it. */
  async enter(signal: AbortSignal): Promise<void> {
    if (this.#free === 0)
      await suspend<void>((wait) => void (this.#waiting = wait), { signal, label: "the loop" });
    this.#free--;
  }

  /** An item has left. */
  leave(): void {
    this.#free++;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

/** The place of one result in the order in which they leave. */
export class Place<T> implements Linked<Place<T>> {
  previous: Place<T> | undefined;
  following: Place<T> | undefined;
  readonly lane: Lane;
  result: Step<T> | undefined;

  constructor(lane: Lane) {
    this.lane = lane;
  }
}

export class Outlet<T> {
  #first: Place<T> | undefined;
  /** Mostly one. */
  readonly #steps: Parked<Step<T>>[] = [];
  /** The lane of what the loop has in work. */
  #inWork: Lane | undefined;
  #ended = false;
  /** Something has failed. The cancel comes in a later turn; nothing new is to be begun until then. */
  failed = false;

  /** The next result, or the end. */
  take(): Promise<Step<T>> {
    return suspend<Step<T>>(
      (step) => {
        this.#inWork?.leave();
        this.#inWork = undefined;
        this.#steps.push(step);
        this.#deliver();
        return () => void this.#steps.splice(this.#steps.indexOf(step), 1);
      },
      { label: "the next result" },
    );
  }

  /** Takes the next place. */
  reserve(lane: Lane): Place<T> {
    const place = new Place<T>(lane);
    this.#first = append(this.#first, place);
    return place;
  }

  fill(place: Place<T>, value: T): void {
    place.result = { done: false, value };
    this.#deliver();
  }

  /** A result in the next place. */
  put(lane: Lane, value: T): void {
    this.fill(this.reserve(lane), value);
  }

  /** There will be no result: the others close up. */
  vacate(place: Place<T>): void {
    this.#first = remove(this.#first, place);
    place.lane.leave();
    this.#deliver();
  }

  /** No more results will come. */
  end(): void {
    this.#ended = true;
    this.#deliver();
  }

  #deliver(): void {
    while (this.#steps.length > 0 && (this.#first?.result || this.#ended)) this.#give();
  }

  /** To the step that waits longest. */
  #give(): void {
    const step = this.#steps.shift() as Parked<Step<T>>;
    const place = this.#first;
    if (!place?.result) return void step.resolve(finished());
    this.#first = remove(this.#first, place);
    step.resolve(place.result);
    // Where another step waits, the loop has come back already.
    if (this.#steps.length > 0) place.lane.leave();
    else this.#inWork = place.lane;
  }
}
