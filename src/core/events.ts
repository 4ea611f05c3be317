/**
 * What happens in the tree, as it happens. The core reports; it knows nobody who listens.
 * With no listener each report costs one branch and allocates nothing.
 */

import { expectFunction, expectOneOf, expectOptions, expectTime } from "./arguments.ts";
import { type Clock, nextTurn } from "./clock.ts";
import type { CancelledError } from "./errors.ts";
import type { ExceptionGroup } from "./exception-group.ts";
import type { Resource } from "./resource.ts";

export type ScopeKind = "process" | "run" | "task" | "group" | "timeout" | "shield";

/** A scope as events name it: plain data, no reference to anything of the program's. */
export interface ScopeInfo {
  readonly id: number;
  readonly kind: ScopeKind;
  readonly name: string;
  /** The `id` of the scope around it. */
  readonly parent: number | undefined;
  /** The `id` of the task that runs the code in it, a task's own for itself; of the root, where no task does. */
  readonly host: number;
}

/**
 * One thing that happened, at the time `at` on the clock of the scope.
 *
 * Of scopes, tasks among them:
 * - `opened`;
 * - `closed`: nothing more happens in it. `cancellation` says why it was cancelled, if it was;
 * - `cancelled`: somebody cancelled this scope, and all below it. `error` says who and why, `path` names the
 *   tasks and scopes from the root to it, `by` is the `id` of the task that asked;
 * - `absorbed`: that cancellation ended here, at the edge of the scope that it was asked of.
 *
 * Of tasks:
 * - `started`: it takes its first step;
 * - `waiting`, `resumed`: in this scope its code waits for something, and does so no more;
 * - `delivered`: its code hears of a cancellation for the first time: by the end of a `wait`, or by its `signal`;
 * - `swallowed`: it caught that, and `waited` again, now told so many `times`, or `returned`;
 * - `raised`: it ended by throwing `error`, at `path`;
 * - `ended`: it is over; `outcome` says how.
 *
 * Of groups:
 * - `failed`: it took `error` from a child or from its body, `from` is the `id` of that child or its own;
 * - `grouped`: it throws what it took, as one `error`.
 *
 * Of promises of others (the scope is that whose code left them behind, and may be over):
 * - `adopted`: it was left behind, and is a ghost until it settles;
 * - `settled`: it has.
 */
export type JoineryEvent = { readonly at: number; readonly scope: ScopeInfo } & EventDetails;

export type EventDetails =
  | { readonly type: "opened" | "started" }
  | { readonly type: "closed"; readonly cancellation: CancelledError | undefined }
  | ({ readonly type: "waiting" | "resumed" } & WaitDetails)
  | { readonly type: "ended"; readonly outcome: "done" | "failed" | "cancelled" }
  | {
      readonly type: "cancelled";
      readonly error: CancelledError;
      readonly path: string;
      readonly by: number | undefined;
    }
  | { readonly type: "absorbed"; readonly error: CancelledError }
  | { readonly type: "delivered"; readonly error: CancelledError; readonly how: "wait" | "signal" }
  | {
      readonly type: "swallowed";
      readonly error: CancelledError;
      readonly how: "waited" | "returned";
      readonly times: number;
    }
  | { readonly type: "raised"; readonly error: Error; readonly path: string }
  | { readonly type: "failed"; readonly error: Error; readonly from: number }
  | { readonly type: "grouped"; readonly error: ExceptionGroup }
  | { readonly type: "adopted"; readonly ghost: GhostInfo }
  | {
      readonly type: "settled";
      readonly ghost: GhostInfo;
      readonly outcome: "fulfilled" | "rejected";
    };

/** What a wait is for. */
export interface WaitDetails {
  /** `sleep`, `children` (of a group), the kind of its resource, `suspend`. */
  readonly kind: string;
  readonly label: string;
  readonly resource: Resource | undefined;
}

export interface GhostInfo {
  readonly id: number;
  readonly label: string;
}

export type EventType = EventDetails["type"];

export type EventListener = (event: JoineryEvent) => void;

export interface SubscribeOptions {
  /** What to hear. What nobody wants to hear costs nothing. Default: everything. */
  types?: readonly EventType[];
  /**
   * Milliseconds from one event that is told to the next at least. Only the first event of each turn of the event
   * loop is looked at; the others do not even cost a look at the clock. Default: 0, which is everything; `Infinity` is
   * the first event and no other.
   */
  interval?: number;
}

interface Subscription {
  listener: EventListener;
  readonly types: readonly EventType[];
  readonly interval: number;
  /** When it was told of something last, if it has an interval; before that, as far away as can be. */
  last: number;
  /** The clock on which it was asked in this turn of the event loop, if it has an interval: enough for this turn. */
  resting: Clock | undefined;
}

/** Whether anybody wants to hear of it: the one branch that an unheard event costs. */
export const heard: Record<EventType, boolean> = {
  opened: false,
  closed: false,
  cancelled: false,
  absorbed: false,
  started: false,
  waiting: false,
  resumed: false,
  delivered: false,
  swallowed: false,
  raised: false,
  ended: false,
  failed: false,
  grouped: false,
  adopted: false,
  settled: false,
};

/** Every type of event there is. */
export const eventTypes: readonly EventType[] = Object.keys(heard) as EventType[];

/** Who wants to hear what; each call of `subscribe` by an object of its own. A list is replaced, never changed: it may be gone through. */
const subscriptions = Object.fromEntries(eventTypes.map((type) => [type, []])) as unknown as Record<
  EventType,
  readonly Subscription[]
>;

/** Whether somebody has to be asked about what happens on `clock` now. */
export function isDue(type: EventType, clock: Clock): boolean {
  for (const { resting } of subscriptions[type]) if (resting !== clock) return true;
  return false;
}

/** Tells those who want to hear it. A listener that throws is taken off, and its error is an unhandled rejection: it must not change what the program does. */
export function report(event: JoineryEvent, clock: Clock): void {
  for (const subscription of subscriptions[event.type]) {
    if (subscription.interval > 0 && !isReached(subscription, event.at, clock)) continue;
    try {
      subscription.listener(event);
    } catch (error) {
      unsubscribe(subscription);
      void Promise.reject(error);
    }
  }
}

/** Asks a subscription that has an interval, once in a turn. There is a clock for each `run`, so that times may also lie before the last. */
function isReached(subscription: Subscription, at: number, clock: Clock): boolean {
  if (subscription.resting === clock) return false;
  if (subscription.resting === undefined) nextTurn(() => (subscription.resting = undefined));
  subscription.resting = clock;
  if (Math.abs(at - subscription.last) < subscription.interval) return false;
  subscription.last = at;
  return true;
}

/**
 * Calls `listener` with what happens in the tree, until the returned function is called.
 *
 * The call is synchronous and must be quick; it must not start or cancel work. A listener that
 * throws is taken off, and its error surfaces as an unhandled rejection. Events hold errors and resources, which
 * belong to the program; all else in them is plain data.
 *
 * Throws `TypeError` (`JOINERY_EXPECTED_FUNCTION`, `JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`) on a bad argument.
 *
 * *Cancellation*: hears of it, is not subject to it.
 *
 * @example
 * ```ts
 * import { subscribe, taskGroup } from "joinery";
 *
 * const ended: string[] = [];
 * const unsubscribe = subscribe((event) => {
 *   if (event.type === "ended") ended.push(`${event.scope.name} ${event.outcome}`);
 * });
 * await taskGroup(async (group) => {
 *   group.createTask(() => 1, { name: "one" });
 * });
 * unsubscribe();
 * console.log(ended); // [ 'one done' ]
 * ```
 *
 * Idea: Trio's instruments.
 */
export function subscribe(listener: EventListener, options: SubscribeOptions = {}): () => void {
  expectFunction("listener", listener);
  expectOptions(options as object);
  const { types = eventTypes, interval = 0 } = options;
  for (const type of types) expectOneOf("types", type, eventTypes);
  expectTime("interval", interval);
  const subscription: Subscription = {
    listener,
    types: [...new Set(types)],
    interval,
    last: Infinity,
    resting: undefined,
  };
  for (const type of subscription.types)
    setSubscriptions(type, [...subscriptions[type], subscription]);
  return () => unsubscribe(subscription);
}

function unsubscribe(subscription: Subscription): void {
  subscription.listener = nothing; // a list that it is in may be gone through
  for (const type of subscription.types)
    setSubscriptions(
      type,
      subscriptions[type].filter((other) => other !== subscription),
    );
}

function setSubscriptions(type: EventType, list: readonly Subscription[]): void {
  subscriptions[type] = list;
  heard[type] = list.length > 0;
}

function nothing(): void {}
