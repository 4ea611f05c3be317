/** What the types of the loops promise. Checked by `tsc`; nothing here runs. */
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { expectTypeOf } from "vitest";
import {
  buffer,
  forEach,
  type ForEachOptions,
  type Iteration,
  type IterationOptions,
  map,
  type MapContext,
  type MapOptions,
  merge,
  type Source,
  type SourceItem,
  type WebStream,
  type WebStreamReader,
  zip,
  type ZippedItems,
} from "joinery/iter";

declare const numbers: AsyncGenerator<number>;
declare const webStream: ReadableStream<Uint8Array>;
declare const domLike: WebStream<string>;
declare const reader: WebStreamReader<string>;
declare const lists: Iterable<number[]>;
const two = { concurrency: 2 };

// An item has the type that `for await` would give it.
map([1, 2], (item) => expectTypeOf(item).toEqualTypeOf<number>(), two);
map("ab", (item) => expectTypeOf(item).toEqualTypeOf<string>(), two);
map(numbers, (item) => expectTypeOf(item).toEqualTypeOf<number>(), two);
map([Promise.resolve(1), 2], (item) => expectTypeOf(item).toEqualTypeOf<number>(), two);
map(new Map([["a", 1]]), (item) => expectTypeOf(item).toEqualTypeOf<[string, number]>(), two);
map(webStream, (item) => expectTypeOf(item).toExtend<Uint8Array>(), two);
map(domLike, (item) => expectTypeOf(item).toEqualTypeOf<string>(), two);
map(Readable.from([]), (item) => expectTypeOf(item).toBeAny(), two);
expectTypeOf(reader.read()).resolves.toHaveProperty("done");

// A result has the type of what the function gives, awaited.
expectTypeOf(map([1], async (n) => String(n), two)).toEqualTypeOf<Iteration<string>>();
expectTypeOf(map([1], (n) => [n], two)).toEqualTypeOf<Iteration<number[]>>();
expectTypeOf(map([1], (_, context) => context, two)).toEqualTypeOf<Iteration<MapContext>>();
expectTypeOf<MapContext>().toEqualTypeOf<{
  readonly index: number;
  readonly signal: AbortSignal;
}>();
expectTypeOf(forEach([1], async () => 5, two)).toEqualTypeOf<Promise<void>>();

// An iteration is for `for await`, and can be left by hand.
expectTypeOf<Iteration<number>>().toExtend<AsyncIterableIterator<number>>();
expectTypeOf<Iteration<number>["return"]>().returns.resolves.toEqualTypeOf<
  IteratorResult<number, undefined>
>();
for await (const row of zip([numbers, "ab"])) expectTypeOf(row).toEqualTypeOf<[number, string]>();

// Several sources.
expectTypeOf(merge([numbers, "ab", [true]])).toEqualTypeOf<Iteration<number | string | boolean>>();
expectTypeOf(merge(lists)).toEqualTypeOf<Iteration<number>>();
expectTypeOf(zip([numbers, "ab", domLike])).toEqualTypeOf<Iteration<[number, string, string]>>();
expectTypeOf(zip(lists)).toEqualTypeOf<Iteration<number[]>>();
expectTypeOf<ZippedItems<[Set<Promise<Date>>]>>().toEqualTypeOf<[Date]>();
expectTypeOf<SourceItem<number>>().toEqualTypeOf<never>();
expectTypeOf(buffer(numbers, 3)).toEqualTypeOf<Iteration<number>>();
expectTypeOf<string>().toExtend<Source<string>>();

// The limit has to be given.
// @ts-expect-error -- there is no default
map([1], (n) => n);
// @ts-expect-error -- there is no default
map([1], (n) => n, {});
// @ts-expect-error -- there is no default
buffer([1]);
// @ts-expect-error -- results of forEach have no order
void forEach([1], () => {}, { concurrency: 1, ordered: true });
// @ts-expect-error -- a number is no source
map(5, (n) => n, two);

const signal = AbortSignal.abort();
const options: IterationOptions = { signal: undefined };
const mapOptions: MapOptions = { concurrency: Infinity, ordered: false, signal };
const forEachOptions: ForEachOptions = { concurrency: 1, signal };
void [options, mapOptions, forEachOptions];
