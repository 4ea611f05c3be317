import { badArgument, expectOptions } from "../core/arguments.ts";
import { liveScopes, programFrames, subscribe } from "../core/index.ts";
import { BirthTimes } from "./birth-times.ts";
import { History, type PastCancellation, type PastFailure } from "./history.ts";
import { LoopWatch, type Standstill } from "./loop-watch.ts";

export interface ObserveOptions {
  /** Whether to note where each task is created, as a stack: it costs several times what the task does. Default: `false`. */
  creation?: boolean;
}

/**
 * Follows what happens from now on, so that a {@link snapshot} knows more than the moment: since when scopes are there
 * and tasks wait, the last 50 cancellations and failures, when the event loop stood still and who ran
 * last before; where tasks were created, if asked for.
 *
 * Ends when the returned function is called; of several calls, when the last has ended. What is remembered is text and
 * numbers. Does not keep the program alive.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) on a bad option.
 *
 * @example
 * ```ts
 * import { moveOnAfter, sleep } from "joinery";
 * import { observe, snapshot } from "joinery/observe";
 *
 * const stop = observe();
 * await moveOnAfter(10, () => sleep(1000), { name: "limit" });
 * const [last] = snapshot().cancellations;
 * console.log(last?.source, last?.path); // deadline limit
 * stop();
 * ```
 */
export function observe(options: ObserveOptions = {}): () => void {
  expectOptions(options as object);
  const { creation = false } = options;
  if (typeof creation !== "boolean") throw badArgument("creation", "a boolean", creation);
  const request = { creation };
  requests.add(request);
  observed ??= new Observation();
  if (creation) observed.noteCreation();
  return () => {
    if (requests.delete(request) && requests.size === 0) {
      observed?.stop();
      observed = undefined;
    }
  };
}

const requests = new Set<ObserveOptions>();

export interface Recollection {
  readonly cancellations: readonly PastCancellation[];
  readonly failures: readonly PastFailure[];
  readonly standstills: readonly Standstill[];
}

/** What is known besides the tree, while somebody observes. */
export let observed: Observation | undefined;

export class Observation {
  readonly since: number = performance.now();
  readonly births: BirthTimes = new BirthTimes(openScopes);
  readonly history: History = new History();
  readonly loop: LoopWatch = new LoopWatch();
  #places: Map<number, Error> | undefined;
  readonly #stops: (() => void)[];

  constructor() {
    const { births, history } = this;
    this.#stops = [
      subscribe(({ scope, at }) => births.note(scope.id, at), { types: ["opened"], interval: 1 }),
      subscribe((event) => history.hear(event), { types: ["cancelled", "swallowed", "raised"] }),
      // A wait notes by itself since when it is there, once somebody hears of it.
      subscribe(() => {}, { types: ["waiting"], interval: Infinity }),
    ];
  }

  /** Where the scope `id` was created: the frames of the program. */
  createdAt(id: number): string[] | undefined {
    const place = this.#places?.get(id);
    return place && programFrames(place);
  }

  noteCreation(): void {
    if (this.#places) return;
    const places = (this.#places = new Map<number, Error>());
    const note = subscribe(
      ({ type, scope }) => {
        if (type === "closed") places.delete(scope.id);
        else if (scope.kind === "task") places.set(scope.id, placeOfCall());
      },
      { types: ["opened", "closed"] },
    );
    this.#stops.push(note);
  }

  /** What is remembered at this moment, each the latest first. */
  recall(): Recollection {
    const { history, loop } = this;
    return {
      cancellations: history.cancellations.latest(),
      failures: history.failures.latest(),
      standstills: loop.standstills.latest(),
    };
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.loop.stop();
  }
}

/** An error whose stack reaches beyond joinery's own frames. */
function placeOfCall(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = deepStack;
  const place = new Error("created here");
  Error.stackTraceLimit = stackTraceLimit;
  return place;
}

const deepStack = 30;

function* openScopes(): Generator<number, void, undefined> {
  for (const { id } of liveScopes()) yield id;
}
