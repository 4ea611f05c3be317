/** What happens when a worker, the caller or the server vanishes. */

import { all, sleep } from "../core/index.ts";
import {
  type CaseOf,
  errorOf,
  isLost,
  isLostWithWorker,
  long,
  pause,
  same,
} from "./executor-harness.ts";

export const lostCases: readonly CaseOf[] = [
  {
    name: "a child whose worker is killed is lost, and not run again",
    needs: "killWorker",
    async run(bench) {
      const { executor, functions, harness } = bench;
      const ending = errorOf(executor.call(functions.work, { ...long, id: bench.id() }));
      const [began] = await bench.until("began", 1);
      await harness.killWorker!(began!.worker);
      isLostWithWorker(await ending);
      await sleep(200);
      same((await bench.events()).filter((event) => event === "began").length, 1, "times it ran");
      same(await executor.call(functions.echo, "next"), "next", "the next call");
    },
  },
  {
    name: "an idempotent child whose worker is killed is run again",
    needs: "killWorker",
    async run(bench) {
      const { executor, functions, harness } = bench;
      const id = bench.id();
      const result = executor.call(functions.workAgain, { id, ms: 500, step: 10 });
      const [began] = await bench.until("began", 1);
      await harness.killWorker!(began!.worker);
      same(await result, id, "its value");
      const runs = (await bench.entries()).filter(({ event }) => event === "began");
      same(
        runs.map(({ attempt }) => attempt),
        [1, 2],
        "its attempts",
      );
    },
  },
  {
    name: "nothing outlives a parent that is killed: after lease and grace its children have ended, and none begins",
    needs: "startParent",
    async run(bench) {
      const { harness } = bench;
      const id = bench.id();
      const kill = await harness.startParent!(id);
      await bench.until("step", 4, id);
      await kill();
      await sleep(harness.lease as number);
      const events = await bench.events(id);
      const count = (event: string): number => events.filter((each) => each === event).length;
      same(count("cleaned"), count("began"), "those that began have cleaned up");
      await sleep(20 * pause);
      same((await bench.events(id)).length, events.length, "entries, later");
    },
  },
  {
    name: "a server that is killed and started again loses no result, and runs nothing twice",
    needs: "restartServer",
    async run(bench) {
      const { executor, functions, harness } = bench;
      const once = Array.from({ length: 4 }, () => bench.id());
      const results = all(
        once.map(
          (id) => () =>
            executor.call(functions.work, { id, ms: 1500, step: 50 }).catch((error: unknown) => {
              isLost(error);
              return id;
            }),
        ),
      );
      await bench.until("began", 1);
      await harness.restartServer!();
      same(await results, once, "each is done, or known to be lost");
      const began = (await bench.entries()).filter(({ event }) => event === "began");
      same(new Set(began.map(({ id }) => id)).size, began.length, "none began twice");
      same(await executor.call(functions.echo, "next"), "next", "the next call");
    },
  },
  {
    name: "a frozen worker that wakes up is fenced off",
    needs: "freezeWorker",
    async run(bench) {
      const { executor, functions, harness } = bench;
      const id = bench.id();
      const result = executor.call(functions.workAgain, { id, ms: 1000, step: 20 });
      const [began] = await bench.until("began", 1);
      const thaw = await harness.freezeWorker!(began!.worker);
      try {
        await bench.until("began", 2);
      } finally {
        await thaw();
      }
      same(await result, id, "its value");
      await bench.until("cleaned", 2);
      const finished = (await bench.entries()).filter(({ event }) => event === "finished");
      same(
        finished.map(({ attempt }) => attempt),
        [2],
        "the attempts that came to their end",
      );
    },
  },
];
