/** What happens when a worker is asked to close: with a deploy, when there are more workers than are needed. */

import { all } from "../core/index.ts";
import type { JournalEntry } from "./executor-functions.ts";
import { type CaseOf, errorOf, holds, isLostWithWorker, long, same } from "./executor-harness.ts";

/** How many calls are made while a worker closes: more than it could run by chance. */
const later = 6;

export const closeCases: readonly CaseOf[] = [
  {
    name: "a worker that closes finishes what it runs, and takes nothing more",
    needs: "closeWorker",
    async run(bench) {
      const { executor, functions, harness } = bench;
      const id = bench.id();
      const result = executor.call(functions.work, { id, ms: 2000, step: 50 });
      result.catch(() => {}); // the case may be over before it is awaited
      const [{ worker }] = (await bench.until("began", 1)) as [JournalEntry];
      const steps = (await bench.events()).filter((event) => event === "step").length;
      const closed = harness.closeWorker!(worker, Infinity);
      await bench.until("step", steps + 4); // by now it has heard of it
      const others = Array.from({ length: later }, () => () => executor.call(functions.who));
      const places = (await all(others)).map((place) => place.worker);
      holds(!places.includes(worker), `what comes later goes elsewhere: ${places.join(", ")}`);
      same(await result, id, "the value of what ran");
      await closed;
      same((await bench.events()).slice(-2), ["finished", "cleaned"], "how it ended");
    },
  },
  {
    name: "an idempotent child that a closing worker does not finish in time is run again elsewhere, after its cleanup",
    needs: "closeWorker",
    async run(bench) {
      const { executor, functions, harness } = bench;
      const id = bench.id();
      const result = executor.call(functions.workAgain, { id, ms: 1000, step: 20, cleanup: 30 });
      const [{ worker }] = (await bench.until("began", 1)) as [JournalEntry];
      await harness.closeWorker!(worker, 0);
      same(await result, id, "its value");
      const entries = (await bench.entries()).filter(({ event }) => event !== "step");
      same(
        entries.map(({ attempt, event }) => `${attempt} ${event}`),
        ["1 began", "1 cancelled", "1 cleaned", "2 began", "2 finished", "2 cleaned"],
        "its attempts",
      );
      same(entries[1]!.reason, "shutdown", "why the first was cancelled");
    },
  },
  {
    name: "a child that a closing worker does not finish in time is lost after its cleanup, and not run again",
    needs: "closeWorker",
    async run(bench) {
      const { executor, functions, harness } = bench;
      const stint = { ...long, id: bench.id(), cleanup: 30 };
      const ending = errorOf(executor.call(functions.work, stint));
      const [{ worker }] = (await bench.until("began", 1)) as [JournalEntry];
      await harness.closeWorker!(worker, 50);
      isLostWithWorker(await ending);
      same(await bench.events(), ["began", "cancelled", "cleaned"], "what it did");
      same(await executor.call(functions.echo, "next"), "next", "the next call");
    },
  },
];
