/** What the types of all, race, gather and their kin promise. Checked by `tsc`; nothing here runs. */
import { expectTypeOf } from "vitest";
import {
  all,
  type AllOptions,
  allSettled,
  any,
  type AnyValue,
  asCompleted,
  type CompletedTask,
  gather,
  type GatherOptions,
  type Item,
  type Items,
  type ItemValue,
  type ItemValues,
  type OrError,
  race,
  type Settled,
  type Task,
  wait,
  waitFor,
  type WaitResult,
  type WaitTasksOptions,
} from "joinery";

declare const task: Task<number>;
declare const promise: Promise<string>;
declare const thenable: PromiseLike<bigint>;
declare const functions: (() => Promise<number>)[];
declare const fixed: readonly Task<number>[];
declare const iterable: Iterable<() => Date>;
declare const record: Record<string, () => number>;

// 2: tuple in, tuple out, whatever the items are.
expectTypeOf(all([() => 1, async () => "a"])).toEqualTypeOf<Promise<[number, string]>>();
expectTypeOf(all([task, promise, thenable, () => task])).toEqualTypeOf<
  Promise<[number, string, bigint, number]>
>();
expectTypeOf(all([({ signal }) => signal, ({ name }: Task<unknown>) => name])).toEqualTypeOf<
  Promise<[AbortSignal, string]>
>();
expectTypeOf(all([])).toEqualTypeOf<Promise<[]>>();

// 2: arrays and iterables give arrays.
expectTypeOf(all(functions)).toEqualTypeOf<Promise<number[]>>();
expectTypeOf(all(fixed)).toEqualTypeOf<Promise<number[]>>();
expectTypeOf(all(iterable)).toEqualTypeOf<Promise<Date[]>>();
expectTypeOf(all(new Set([() => 1]))).toEqualTypeOf<Promise<number[]>>();

// 2: records keep their keys, which can be written to.
expectTypeOf(all({ one: () => 1, two: promise })).toEqualTypeOf<
  Promise<{ one: number; two: string }>
>();
expectTypeOf(all({})).toEqualTypeOf<Promise<{}>>();
expectTypeOf(all(record)).toEqualTypeOf<Promise<Record<string, number>>>();
// @ts-expect-error: no item.
void all([() => 1, 2]);
// @ts-expect-error: no item either.
void all({ one: 1 });
// @ts-expect-error: onError belongs to allSettled and the groups.
void all([() => 1], { onError: "collect" });
expectTypeOf<AllOptions["concurrency"]>().toExtend<number | object | undefined>();

// 2: allSettled has the same shapes.
expectTypeOf(allSettled([() => 1, async () => "a"])).toEqualTypeOf<
  Promise<[PromiseSettledResult<number>, PromiseSettledResult<string>]>
>();
expectTypeOf(allSettled({ one: () => 1 })).toEqualTypeOf<
  Promise<{ one: PromiseSettledResult<number> }>
>();
expectTypeOf(allSettled(functions)).toEqualTypeOf<Promise<PromiseSettledResult<number>[]>>();
expectTypeOf(allSettled(iterable)).toEqualTypeOf<Promise<PromiseSettledResult<Date>[]>>();
expectTypeOf<Settled<[() => 1]>>().toEqualTypeOf<[PromiseSettledResult<1>]>();

// 2: race and any give one of them.
expectTypeOf(race([() => 1, async () => "a"])).toEqualTypeOf<Promise<number | string>>();
expectTypeOf(race({ one: () => 1, two: promise })).toEqualTypeOf<Promise<number | string>>();
expectTypeOf(race(functions)).toEqualTypeOf<Promise<number>>();
expectTypeOf(race(iterable)).toEqualTypeOf<Promise<Date>>();
expectTypeOf(race(record)).toEqualTypeOf<Promise<number>>();
expectTypeOf(any([task, promise])).toEqualTypeOf<Promise<number | string>>();
expectTypeOf(any({ one: () => 1, two: () => true })).toEqualTypeOf<Promise<number | boolean>>();
expectTypeOf(any(fixed)).toEqualTypeOf<Promise<number>>();
expectTypeOf<AnyValue<[() => 1, () => "a"]>>().toEqualTypeOf<1 | "a">();
// @ts-expect-error: no item.
void race([1]);
// @ts-expect-error: no item.
void any(["text"]);

// 2: gather, with and without returnExceptions.
expectTypeOf(gather([() => 1, promise])).toEqualTypeOf<Promise<[number, string]>>();
expectTypeOf(gather(functions)).toEqualTypeOf<Promise<number[]>>();
expectTypeOf(gather(iterable)).toEqualTypeOf<Promise<Date[]>>();
expectTypeOf(gather([() => 1, promise], { returnExceptions: true })).toEqualTypeOf<
  Promise<[number | Error, string | Error]>
>();
expectTypeOf(gather(functions, { returnExceptions: true })).toEqualTypeOf<
  Promise<(number | Error)[]>
>();
expectTypeOf(gather([() => 1], { returnExceptions: false })).toEqualTypeOf<Promise<[number]>>();
expectTypeOf<OrError<[1, "a"]>>().toEqualTypeOf<[1 | Error, "a" | Error]>();
declare const options: GatherOptions;
// 2: an option that is only known at run time must not promise a list without errors.
expectTypeOf(gather([() => 1], options)).toEqualTypeOf<Promise<[number | Error]>>();
// @ts-expect-error: gather takes lists; all takes records.
void gather({ one: () => 1 });

// 2: what an item is worth.
expectTypeOf<ItemValue<() => Promise<number>>>().toEqualTypeOf<number>();
expectTypeOf<ItemValue<Task<number>>>().toEqualTypeOf<number>();
expectTypeOf<ItemValue<Promise<Promise<number>>>>().toEqualTypeOf<number>();
expectTypeOf<ItemValues<readonly [() => 1]>>().toEqualTypeOf<[1]>();
expectTypeOf<(() => number)[]>().toExtend<Items>();
expectTypeOf<Task<number>>().toExtend<Item<number>>();

// 2: waitFor gives the value of its one item.
expectTypeOf(waitFor(() => 1, 5)).toEqualTypeOf<Promise<number>>();
expectTypeOf(waitFor(async () => "a", 5)).toEqualTypeOf<Promise<string>>();
expectTypeOf(waitFor(task, 5)).toEqualTypeOf<Promise<number>>();
expectTypeOf(waitFor(promise, 5)).toEqualTypeOf<Promise<string>>();

// 2: wait gives the handles.
expectTypeOf(wait([task])).toEqualTypeOf<Promise<WaitResult<number>>>();
expectTypeOf(wait(fixed, { returnWhen: "FIRST_EXCEPTION", timeout: 5 })).toEqualTypeOf<
  Promise<WaitResult<number>>
>();
expectTypeOf<WaitResult<number>["done"]>().toEqualTypeOf<Set<Task<number>>>();
expectTypeOf<WaitTasksOptions["returnWhen"]>().toEqualTypeOf<
  "ALL_COMPLETED" | "FIRST_COMPLETED" | "FIRST_EXCEPTION" | undefined
>();
// @ts-expect-error: wait takes tasks.
void wait([() => 1]);

// 2: asCompleted gives the handles themselves, and a for await does not unwrap them.
export async function inOrder(): Promise<void> {
  for await (const each of asCompleted(fixed)) {
    expectTypeOf(each).toEqualTypeOf<CompletedTask<number>>();
    expectTypeOf(each.result()).toEqualTypeOf<number>();
    // @ts-expect-error: it is over; there is nothing to await.
    void each.then;
  }
}

// 2: the tasks that are waited for may be of several types.
declare const text: Task<string>;
expectTypeOf(asCompleted([task, text])).toEqualTypeOf<
  AsyncIterableIterator<CompletedTask<number | string>>
>();
expectTypeOf(wait([task, text])).toEqualTypeOf<Promise<WaitResult<number | string>>>();
