/** What the types of waits, blocks, errors and events promise. Checked by `tsc`; nothing here runs. */
import { expectTypeOf } from "vitest";
import {
  abandonable,
  type AbandonableOptions,
  type BlockOptions,
  type CancelDetails,
  CancelledError,
  type CancelSource,
  checkpoint,
  type Clock,
  type ErrorCode,
  type EventListener,
  type ExceptionGroup,
  exceptStar,
  formatException,
  InvalidStateError,
  isCancelled,
  type JoineryEvent,
  moveOnAfter,
  type MoveOn,
  on,
  type Parked,
  type Resource,
  type Scheduler,
  type ScopeInfo,
  type ScopeKind,
  shield,
  type ShieldOptions,
  sleep,
  type Step,
  subscribe,
  suspend,
  type SuspendOptions,
  type Task,
  timeLeft,
  timeout,
  timeoutAt,
  TimeoutError,
  type TimeoutScope,
  type Unpark,
  type WaitOptions,
} from "joinery";

declare const promise: PromiseLike<number>;

// 2: waits.
expectTypeOf(sleep(5)).toEqualTypeOf<Promise<void>>();
expectTypeOf(sleep(5, { signal: undefined })).toEqualTypeOf<Promise<void>>();
expectTypeOf(checkpoint()).toEqualTypeOf<Promise<void>>();
expectTypeOf(timeLeft()).toEqualTypeOf<number>();
expectTypeOf<WaitOptions["signal"]>().toEqualTypeOf<AbortSignal | undefined>();
// @ts-expect-error: times are numbers.
void sleep("5");

// 2: abandonable wants a label.
expectTypeOf(abandonable(promise, { label: "query" })).toEqualTypeOf<Promise<number>>();
expectTypeOf<AbandonableOptions>().toExtend<WaitOptions>();
// @ts-expect-error: no label.
void abandonable(promise, {});
// @ts-expect-error: no options.
void abandonable(promise);

// 2: blocks.
expectTypeOf(timeout(5, () => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(timeout(5, async ({ signal }) => signal, { name: "n" })).toEqualTypeOf<
  Promise<AbortSignal>
>();
expectTypeOf(timeoutAt(5, (scope) => scope.when())).toEqualTypeOf<Promise<number>>();
expectTypeOf(shield(async () => "a", { within: Infinity })).toEqualTypeOf<Promise<string>>();
expectTypeOf<ShieldOptions>().toExtend<BlockOptions>();
expectTypeOf<TimeoutScope["expired"]>().toEqualTypeOf<() => boolean>();
expectTypeOf<TimeoutScope["reschedule"]>().toEqualTypeOf<(when: number) => void>();
// @ts-expect-error: the bound is mandatory.
void shield(async () => "a");
// @ts-expect-error: the bound is mandatory.
void shield(async () => "a", {});

// 2: moveOnAfter says which of the two it was.
expectTypeOf(moveOnAfter(5, async () => 1)).toEqualTypeOf<Promise<MoveOn<number>>>();
declare const moved: MoveOn<number>;
expectTypeOf(moved.value).toEqualTypeOf<number | undefined>();
if (moved.expired) expectTypeOf(moved.value).toEqualTypeOf<number | undefined>();
else expectTypeOf(moved.value).toEqualTypeOf<number>();

// suspend: the value comes from whoever wakes the task.
expectTypeOf(suspend<string>((wait) => void wait.resolve("a"))).toEqualTypeOf<Promise<string>>();
expectTypeOf(
  suspend((wait: Parked<Date>) => () => void wait.reject(new Error()), { label: "l" }),
).toEqualTypeOf<Promise<Date>>();
expectTypeOf<Parked<number>["resolve"]>().toEqualTypeOf<(value: number) => boolean>();
expectTypeOf<Parked<number>["reject"]>().toEqualTypeOf<(error: unknown) => boolean>();
expectTypeOf<Unpark>().toEqualTypeOf<(error: CancelledError) => void | false>();
expectTypeOf<SuspendOptions["label"]>().toEqualTypeOf<string | undefined>();
expectTypeOf<SuspendOptions["resource"]>().toEqualTypeOf<Resource | undefined>();
expectTypeOf<Resource["foreign"]>().toEqualTypeOf<boolean | undefined>();
expectTypeOf<Resource["holders"]>().toEqualTypeOf<(() => readonly Task<unknown>[]) | undefined>();
// @ts-expect-error: a string was promised.
void suspend<string>((wait) => void wait.resolve(1));
void suspend<void>((wait) => void wait.resolve());

// 3.3: the errors.
expectTypeOf<CancelSource>().toEqualTypeOf<
  "explicit" | "deadline" | "sibling-error" | "parent" | "signal" | "shutdown"
>();
expectTypeOf<CancelledError["source"]>().toEqualTypeOf<CancelSource>();
expectTypeOf<CancelledError["by"]>().toEqualTypeOf<string | undefined>();
expectTypeOf<CancelledError["code"]>().toEqualTypeOf<"JOINERY_CANCELLED">();
expectTypeOf<TimeoutError["code"]>().toEqualTypeOf<"JOINERY_TIMEOUT">();
expectTypeOf<InvalidStateError["code"]>().toEqualTypeOf<ErrorCode>();
expectTypeOf<"JOINERY_GROUP_CLOSED">().toExtend<ErrorCode>();
expectTypeOf(
  new CancelledError("m", { source: "signal" } satisfies CancelDetails),
).toExtend<Error>();
expectTypeOf(new InvalidStateError("JOINERY_NOT_DONE", "m")).toExtend<Error>();
expectTypeOf(isCancelled(1)).toEqualTypeOf<boolean>();
expectTypeOf(formatException(1)).toEqualTypeOf<string>();
expectTypeOf(
  exceptStar(
    new Error(),
    on(TimeoutError, (part) => part.errors),
  ),
).toEqualTypeOf<Promise<void>>();
expectTypeOf<ExceptionGroup>().toExtend<AggregateError>();
// @ts-expect-error: one of the codes.
void new InvalidStateError("OTHER", "m");

// The events and the clock.
expectTypeOf(subscribe((event) => expectTypeOf(event).toEqualTypeOf<JoineryEvent>())).toEqualTypeOf<
  () => void
>();
expectTypeOf<EventListener>().toEqualTypeOf<(event: JoineryEvent) => void>();
expectTypeOf<JoineryEvent["scope"]>().toEqualTypeOf<ScopeInfo>();
expectTypeOf<ScopeInfo["kind"]>().toEqualTypeOf<ScopeKind>();
expectTypeOf<ScopeKind>().toEqualTypeOf<
  "process" | "run" | "task" | "group" | "timeout" | "shield"
>();
declare const event: JoineryEvent;
if (event.type === "ended")
  expectTypeOf(event.outcome).toEqualTypeOf<"done" | "failed" | "cancelled">();
if (event.type === "cancelled") expectTypeOf(event.error).toEqualTypeOf<CancelledError>();
if (event.type === "failed") expectTypeOf(event.error).toEqualTypeOf<Error>();
expectTypeOf<Clock["now"]>().toEqualTypeOf<() => number>();
expectTypeOf<Scheduler["ready"]>().toEqualTypeOf<(step: Step) => void>();
expectTypeOf<Step["task"]>().toEqualTypeOf<ScopeInfo>();
