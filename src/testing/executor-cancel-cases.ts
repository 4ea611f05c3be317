/** How calls end when they are cancelled. Calls get the signal of their block: so the cases run in browsers too. */

import {
  type CancellableTaskGroup,
  moveOnAfter,
  sleep,
  type Task,
  taskGroup,
  timeout,
  TimeoutError,
} from "../core/index.ts";
import { conformanceFunctions } from "./executor-functions.ts";
import { type Bench, type CaseOf, errorOf, holds, long, same } from "./executor-harness.ts";

/** Runs a group that can be cancelled. */
async function stoppable(body: (group: CancellableTaskGroup) => Promise<void>): Promise<void> {
  await taskGroup(body, { cancellable: true });
}

/** Runs two children at once, and a failure beside them as soon as both run; resolves with its error. */
async function failBeside(bench: Bench, cleanup: number): Promise<Error> {
  const { executor, functions } = bench;
  const child = ({ signal }: Task<unknown>): Promise<string> =>
    executor.call(functions.work, { ...long, id: bench.id(), cleanup }, { signal });
  return errorOf(
    taskGroup(
      async (group) => {
        for (let n = 0; n < 2; n++) group.createTask(child);
        await bench.until("began", 2);
        for (let n = 0; n < 5; n++) group.createTask(child);
        throw new RangeError("poisoned");
      },
      { concurrency: 2 },
    ),
  );
}

export const cancelCases: readonly CaseOf[] = [
  {
    name: "an outcome arrives only after the cleanup of the worker",
    async run(bench) {
      const error = await failBeside(bench, 100);
      same((await bench.events()).filter((event) => event === "cleaned").length, 2, "cleaned up");
      holds(/poisoned/.test(String(error.stack)), "the error is that of the sibling");
    },
  },
  {
    name: "waiting siblings never start",
    async run(bench) {
      await failBeside(bench, 0);
      await sleep(100);
      same((await bench.events()).filter((event) => event === "began").length, 2, "began");
    },
  },
  {
    name: "a cancel reaches running children as an AbortSignal, with its reason",
    async run(bench) {
      await failBeside(bench, 0);
      const cancelled = (await bench.entries()).filter(({ event }) => event === "cancelled");
      const reason = "sibling-error: RangeError: poisoned";
      same(
        cancelled.map((entry) => entry.reason),
        [reason, reason],
        "what they were told",
      );
    },
  },
  {
    name: "a single call can be cancelled, and the others go on",
    async run(bench) {
      const { executor, functions } = bench;
      const [one, other] = [bench.id(), bench.id()];
      const value = await taskGroup(async (group) => {
        const first = group.createTask(({ signal }) =>
          executor.call(functions.work, { ...long, id: one }, { signal }),
        );
        const second = group.createTask(({ signal }) =>
          executor.call(functions.work, { id: other, ms: 200, step: 20 }, { signal }),
        );
        await bench.until("began", 2);
        first.cancel("not needed");
        return second;
      });
      same(value, other, "the value of the other");
      const [cancelled] = await bench.until("cancelled", 1, one);
      same(cancelled?.reason, "explicit: not needed", "what the one was told");
    },
  },
  {
    name: "a child that is cancelled before it began never begins, and none begins after its end",
    async run(bench) {
      const { executor, functions } = bench;
      await stoppable(async (group) => {
        for (let n = 0; n < 20; n++)
          group.createTask(({ signal }) =>
            executor.call(functions.work, { ...long, id: bench.id() }, { signal }),
          );
        while (executor.calls.length < 20) await sleep(0);
        group.cancel();
      });
      const events = await bench.events();
      const count = (event: string): number => events.filter((each) => each === event).length;
      same(count("cleaned"), count("began"), "those that began have ended");
      await sleep(200);
      same(await bench.events(), events, "nothing happens after the end");
    },
  },
  {
    name: "a value that comes in spite of a cancellation is kept",
    async run(bench) {
      const { executor, functions } = bench;
      const id = bench.id();
      let value: string | undefined;
      await stoppable(async (group) => {
        group.createTask(async ({ signal }) => {
          const stint = { ...long, id, finishes: true };
          value = await executor.call(functions.work, stint, { signal });
        });
        await bench.until("began", 1);
        group.cancel();
      });
      same(value, id, "the value");
    },
  },
  {
    name: "deadlines travel",
    async run({ executor, functions }) {
      same(await executor.call(functions.left), Infinity, "no deadline");
      const left = await timeout(60_000, ({ signal }) =>
        executor.call(functions.left, undefined, { signal }),
      );
      holds(left > 0 && left <= 60_000, `60 s or a little less are left, and not ${left} ms`);
    },
  },
  {
    name: "a deadline that passes ends the call, after its cleanup",
    async run(bench) {
      const { executor, functions } = bench;
      const id = bench.id();
      const call = ({ signal }: { signal: AbortSignal }): Promise<string> =>
        executor.call(functions.work, { ...long, id, cleanup: 50 }, { signal });
      const error = await errorOf(timeout(300, call));
      holds(error instanceof TimeoutError, "the block times out");
      const { expired } = await moveOnAfter(0, call);
      holds(expired, "a block without time moves on");
      const events = await bench.events();
      const count = (event: string): number => events.filter((each) => each === event).length;
      same(count("cleaned"), count("began"), "what began has ended");
    },
  },
  {
    name: "closing cancels what is under way and waits for it; then nothing begins any more",
    async run(bench) {
      const { executor, functions } = bench;
      const id = bench.id();
      const ending = errorOf(executor.call(functions.work, { ...long, id, cleanup: 50 }));
      await bench.until("began", 1);
      await executor.close();
      same((await bench.events()).at(-1), "cleaned", "the last that happened");
      same((await ending)["source"], "shutdown", "what the caller got");
      const refused = await errorOf(executor.call(functions.echo, 1));
      same(refused["code"], "JOINERY_EXECUTOR_CLOSED", "a call after the end");
    },
  },
  {
    name: "a function that the workers do not have is an error",
    async run({ executor }) {
      const { echo } = conformanceFunctions();
      const elsewhere = { ...echo, name: "conformance.missing" };
      same((await errorOf(executor.call(elsewhere, 1)))["code"], "JOINERY_NOT_SERVED", "its code");
    },
  },
];
