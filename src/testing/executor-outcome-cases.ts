/** How calls end when nobody cancels them. */

import { all, CancelledError, ExceptionGroup, taskGroup, TimeoutError } from "../core/index.ts";
import { ConformanceError } from "./executor-functions.ts";
import { type CaseOf, errorOf, holds, same } from "./executor-harness.ts";

/** One of each kind that has to survive, and what to compare it by. */
const travellers: readonly [value: unknown, shape: (value: never) => unknown][] = [
  [null, (v) => v],
  ["text \u{1F9F5}", (v) => v],
  [[1, -1.5, true, false], (v) => v],
  [{ a: { b: [] }, $key: 1, "": 2 }, (v) => v],
  [undefined, (v) => v === undefined],
  [NaN, (v) => Object.is(v, NaN)],
  [-0, (v) => Object.is(v, -0)],
  [-Infinity, (v) => v === -Infinity],
  [2n ** 70n, (v) => String(v)],
  [new Date(0), (v: Date) => v.toISOString()],
  [/a+/giu, (v: RegExp) => String(v)],
  [new Map([["k", new Set([1])]]), (v: Map<string, Set<number>>) => [...v.get("k")!]],
  [new Uint8Array([0, 127, 255]), (v: Uint8Array) => [v.constructor.name, ...v]],
  [new Float64Array([0.1]), (v: Float64Array) => [v.constructor.name, ...v]],
  [new RangeError("as a value"), (v: Error) => [v instanceof RangeError, v.message]],
];

export const outcomeCases: readonly CaseOf[] = [
  {
    name: "values come back as they went",
    async run({ executor, functions }) {
      for (const [value, shape] of travellers) {
        const back = await executor.call(functions.echo, value);
        same(shape(back as never), shape(value as never), String(value));
      }
    },
  },
  {
    name: "an error comes back as what it was, with its class, code, properties and stack",
    async run({ executor, functions }) {
      const error = await errorOf(executor.call(functions.fail, "class"));
      holds(error instanceof ConformanceError, "the registered class comes back");
      holds(error instanceof RangeError, "and with it those above");
      const { name, message, code, detail } = error as unknown as ConformanceError;
      same([name, message, code], ["ConformanceError", "of a class", "CONFORMANCE"], "the error");
      holds(detail.at.getTime() === 0 && detail.ids[1] === 2n, "its properties come back");
      holds(/executor-functions/.test(String(error.stack)), "its stack says where it was thrown");
      holds(/conformance\.fail ran in ./.test(String(error["notes"])), "a note says where it ran");
    },
  },
  {
    name: "causes and groups come back, at every depth",
    async run({ executor, functions }) {
      const caused = await errorOf(executor.call(functions.fail, "cause"));
      const inner = caused.cause as Error;
      holds(inner instanceof ConformanceError, "the cause comes back with its class");
      same([inner.message, inner.cause], ["inner", "root"], "the chain of causes");

      const group = await errorOf(executor.call(functions.fail, "group"));
      holds(group instanceof ExceptionGroup, "an ExceptionGroup comes back as one");
      const leaves = [...(group as unknown as ExceptionGroup)];
      same(
        leaves.map((leaf) => [leaf.constructor.name, leaf.message]),
        [
          ["TypeError", "first"],
          ["ConformanceError", "second"],
        ],
        "its leaves",
      );
      const aggregate = await errorOf(executor.call(functions.fail, "aggregate"));
      holds(aggregate instanceof AggregateError, "an AggregateError comes back as one");
      holds(
        (aggregate as unknown as AggregateError).errors[0] instanceof SyntaxError,
        "members too",
      );
    },
  },
  {
    name: "the errors of joinery come back; a cancellation that nobody asked for is an ordinary error",
    async run({ executor, functions }) {
      const late = await errorOf(executor.call(functions.fail, "timeout"));
      holds(late instanceof TimeoutError, "a TimeoutError comes back as one");
      const error = await errorOf(
        taskGroup((group) => {
          group.createTask(() => executor.call(functions.fail, "cancelled"));
        }),
      );
      const [cancelled] = error as unknown as ExceptionGroup<CancelledError>;
      holds(cancelled instanceof CancelledError, "a CancelledError comes back as one");
      same([cancelled?.source, cancelled?.by], ["explicit", "somebody"], "what it says");
    },
  },
  {
    name: "what is thrown and is no error comes back as the cause of one",
    async run({ executor, functions }) {
      const error = await errorOf(executor.call(functions.fail, "value"));
      same([error["code"], error.cause], ["JOINERY_NOT_AN_ERROR", "a string"], "the error");
    },
  },
  {
    name: "a result that does not travel is an error, and no hanging call",
    async run({ executor, functions }) {
      const error = await errorOf(executor.call(functions.untransportable));
      holds(error instanceof Error, "there is an error");
    },
  },
  {
    name: "a function sees its key, its attempt and its worker",
    async run({ executor, functions }) {
      const given = await executor.call(functions.who, undefined, { key: "k-1" });
      same([given.key, given.attempt], ["k-1", 1], "what it sees");
      holds(given.worker !== "", "its worker has a name");
      const keys = await all([1, 2, 3].map(() => () => executor.call(functions.who)));
      same(new Set(keys.map(({ key }) => key)).size, 3, "keys of their own");
    },
  },
  {
    name: "the children of a group all start, and no more at once than its limit",
    async run(bench) {
      const { executor, functions } = bench;
      let most = 0;
      await taskGroup(
        (group) => {
          for (let n = 0; n < 6; n++)
            group.createTask(async () => {
              const called = executor.call(functions.work, { id: bench.id(), ms: 20 });
              most = Math.max(most, executor.calls.length);
              await called;
            });
        },
        { concurrency: 2 },
      );
      same(most, 2, "calls at once");
      same((await bench.until("cleaned", 6)).length, 6, "children that ran");
      same(executor.calls.length, 0, "calls left");
    },
  },
  {
    name: "5,000 children have 5,000 results",
    async run({ executor, functions }) {
      const numbers = Array.from({ length: 5000 }, (_, n) => n);
      const results = await all(
        numbers.map((n) => () => executor.call(functions.echo, n)),
        { concurrency: 100 },
      );
      same(results, numbers, "the results");
    },
  },
];
