/** A scheduler decides who of those that are ready goes on, and nothing else changes. */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Clock,
  checkpoint,
  createTask,
  run,
  type RunOptions,
  type Scheduler,
  sleep,
  type Step,
  suspend,
  type Parked,
  taskGroup,
  type TaskFunction,
} from "joinery";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../support/virtual-clock.ts";
import { failAfter } from "../support/work.ts";
import { caught } from "./fixtures/story.ts";

/** Lets one go on at a time, when the microtasks of the one before are over; all in one turn. */
class Chosen implements Scheduler {
  readonly steps: string[] = [];
  readonly #choose: (ready: number) => number;
  readonly #ready: Step[] = [];

  constructor(choose: (ready: number) => number) {
    this.#choose = choose;
  }

  ready(step: Step): void {
    if (this.#ready.push(step) === 1) this.#soon();
  }

  #soon(): void {
    queueMicrotask(() => process.nextTick(() => this.#next()));
  }

  #next(): void {
    const [step] = this.#ready.splice(this.#choose(this.#ready.length), 1) as [Step];
    this.steps.push(`${step.task.name}: ${step.label}`);
    step.proceed();
    if (this.#ready.length > 0) this.#soon();
  }
}

const first = (): Chosen => new Chosen(() => 0);
const last = (): Chosen => new Chosen((ready) => ready - 1);

const tick = (): Promise<void> => sleep(1);

function scheduled<R>(
  scheduler: Scheduler,
  main: TaskFunction<R>,
  options: RunOptions = {},
): Promise<R> {
  return run(main, {
    handleSignals: false,
    clock: new VirtualClock(),
    name: "main",
    scheduler,
    ...options,
  });
}

describe("what is ready", () => {
  test("is a first step, a wait that has its outcome, and a group whose children are over", async () => {
    const scheduler = first();
    await scheduled(scheduler, () =>
      taskGroup(async (group) => {
        group.createTask(() => sleep(20), { name: "sleeper" });
        const worker = group.createTask(() => sleep(10), { name: "worker" });
        await worker;
      }),
    );
    expect(scheduler.steps).toEqual([
      "main: its start",
      "sleeper: its start",
      "worker: its start",
      "worker: sleep",
      'main: task "worker"',
      "sleeper: sleep",
      "main: its children",
    ]);
  });

  test("is a child whose turn has come among those that a limit keeps back", async () => {
    const scheduler = last();
    await scheduled(scheduler, () =>
      taskGroup(
        (group) => ["a", "b", "c"].forEach((name) => void group.createTask(tick, { name })),
        { concurrency: 2 },
      ),
    );
    expect(scheduler.steps).toEqual([
      "main: its start",
      "b: its start",
      "a: its start",
      "a: sleep",
      "c: its start",
      "b: sleep",
      "c: sleep",
      "main: its children",
    ]);
  });

  test("is a wait that a cancellation has woken", async () => {
    const scheduler = last();
    await scheduled(scheduler, () =>
      taskGroup(
        async (group) => {
          for (const name of ["a", "b"]) group.createTask(() => sleep(Infinity), { name });
          await sleep(1);
          group.cancel();
        },
        { cancellable: true },
      ),
    );
    expect(scheduler.steps.slice(-3)).toEqual(["b: sleep", "a: sleep", "main: its children"]);
  });

  test("is told with the task as events tell it, and with the process where there is none", async () => {
    const steps: Step[] = [];
    const scheduler: Scheduler = { ready: (step) => (steps.push(step), step.proceed()) };
    const id = await scheduled(scheduler, (task) => task.id);
    expect(steps.map(({ task }) => task)).toEqual([
      { id, kind: "task", name: "main", parent: expect.any(Number), host: id },
    ]);
  });
});

describe("the order", () => {
  test("is that of the scheduler", async () => {
    const trace: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      trace.push(`${name} starts`);
      await sleep(5);
      trace.push(`${name} ends`);
    };
    await scheduled(last(), () =>
      taskGroup((group) => ["a", "b"].forEach((name) => void group.createTask(work(name)))),
    );
    expect(trace).toEqual(["b starts", "a starts", "a ends", "b ends"]);
  });

  test("does not change which failures are reported together: those of one turn (T2, G3)", async () => {
    const trace: string[] = [];
    const errors = ["a", "b"].map((name) => new Error(name));
    const error = await caught(
      scheduled(last(), () =>
        taskGroup((group) => {
          for (const each of errors) group.createTask(() => failAfter(10, each));
          group.createTask(async () => {
            await sleep(11);
            trace.push("too late");
          });
        }),
      ),
    );
    expect(error).toMatchObject({ errors });
    expect(trace).toEqual([]);
  });

  test("does not take a value back: a task that is cancelled before it goes on keeps what was delivered (W3)", async () => {
    const trace: unknown[] = [];
    let parked: Parked<string> | undefined;
    await scheduled(first(), () =>
      taskGroup(
        async (group) => {
          group.createTask(async () => {
            trace.push(await suspend<string>((wait) => void (parked = wait)));
          });
          await checkpoint();
          trace.push(parked?.resolve("kept"), parked?.reject(new Error("late")));
          group.cancel();
        },
        { cancellable: true },
      ),
    );
    expect(trace).toEqual([true, false, "kept"]);
  });

  test("lets a task that is cancelled before its first step never run", async () => {
    const trace: string[] = [];
    await scheduled(last(), () =>
      taskGroup((group) => {
        const victim = group.createTask(() => trace.push("victim"));
        group.createTask(() => void victim.cancel());
      }),
    );
    expect(trace).toEqual([]);
  });
});

test("a task still runs in the asynchronous context of the call that created it", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const look = async (): Promise<void> => {
    seen.push(storage.getStore());
    await sleep(1);
    seen.push(storage.getStore());
  };
  await scheduled(last(), async () => {
    for (const concurrency of [Infinity, 1]) {
      await taskGroup(
        (group) => {
          storage.run("a", () => void group.createTask(look));
          storage.run("b", () => void group.createTask(look));
        },
        { concurrency },
      );
    }
  });
  expect(seen).toEqual(["b", "a", "a", "b", "a", "a", "b", "b"]);
});

describe("a run in a run", () => {
  test.each<[string, () => RunOptions]>([
    ["inherits the scheduler", () => ({})],
    ["inherits it also under a clock of its own", () => ({ clock: new VirtualClock() })],
  ])("%s", async (_, options) => {
    const scheduler = first();
    await scheduled(scheduler, () => run(() => sleep(5), { name: "inner", ...options() }));
    expect(scheduler.steps).toContain("inner: sleep");
  });

  test("may have a scheduler of its own, on the same clock", async () => {
    const [outer, inner] = [first(), first()];
    const clock = new VirtualClock();
    await scheduled(outer, () => run(() => sleep(5000), { name: "inner", scheduler: inner }), {
      clock,
    });
    expect(inner.steps).toEqual(["inner: its start", "inner: sleep"]);
    expect(outer.steps).toEqual(["main: its start"]);
    expect(clock.now()).toBe(5000);
  });
});

test("createTask() inside is under the scheduler, also where the task belongs to the run", async () => {
  const scheduler = first();
  await scheduled(scheduler, async () => {
    await createTask(() => {}, { name: "background" });
  });
  expect(scheduler.steps).toContain("background: its start");
});

test.each([null, 5, {}, { ready: true }])(
  "a scheduler that is none is refused before anything starts: %s",
  async (scheduler) => {
    const trace: string[] = [];
    const options = { scheduler: scheduler as never, clock: new VirtualClock() as Clock };
    const error = await caught(run(() => trace.push("started"), options));
    expect(error).toMatchObject({ name: "TypeError", code: "JOINERY_INVALID_ARGUMENT" });
    expect(trace).toEqual([]);
  },
);
