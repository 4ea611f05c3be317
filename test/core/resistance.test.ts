import { describe, expect, test } from "vitest";
import {
  abandonable,
  all,
  moveOnAfter,
  shield,
  sleep,
  suspend,
  taskGroup,
  timeout,
  wait,
  type TaskGroup,
} from "joinery";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

/** Runs `body` in a group of this `grace` that is cancelled as soon as its children have begun. */
async function cancelled(body: (group: TaskGroup) => unknown, grace?: number): Promise<unknown> {
  return inPassingTime(() =>
    taskGroup(
      async (group) => {
        await body(group);
        await turn();
        group.cancel("stop");
      },
      { name: "crew", cancellable: true, ...(grace === undefined ? {} : { grace }) },
    ),
  );
}

/** A foreign promise, and what resolves it. */
function foreign(): { promise: Promise<void>; resolve: () => void } {
  const ends = {} as { resolve: () => void };
  const promise = new Promise<void>((resolve) => Object.assign(ends, { resolve }));
  return { promise, ...ends };
}

function shieldThenSleep(): () => PromiseLike<unknown> {
  const signal = AbortSignal.abort();
  return () => shield(() => sleep(1, { signal }), { within: 1000 }).catch(() => sleep(1));
}

async function waitsHere(): Promise<void> {
  await sleep(1000);
}

const resist = () => shield(() => sleep(500), { within: Infinity });

describe("swallowing does not spin", () => {
  const loops: [string, () => PromiseLike<unknown>][] = [
    ["sleep", () => sleep(10)],
    ["a group", () => taskGroup((group) => void group.createTask(() => sleep(10)))],
    ["all", () => all([() => sleep(10)])],
    ["a block", () => timeout(1000, () => sleep(10))],
    ["a block that says so itself", () => timeout(1000, ({ signal }) => signal.throwIfAborted())],
    ["wait", () => moveOnAfter(1000, () => suspend(() => {}))],
    ["a shield with a signal that has aborted, then sleep", shieldThenSleep()],
    ["a fresh signal each time", () => sleep(10, { signal: AbortSignal.abort() })],
  ];
  test.each(loops)(
    "3.5: a loop that swallows the refusals of %s does not starve the event loop",
    async (_, work) => {
      const stop = { now: false };
      let rounds = 0;
      await cancelled((group) => {
        group.createTask(async () => {
          await sleep(1).catch(() => setImmediate(() => (stop.now = true)));
          while (!stop.now && ++rounds < 10_000) {
            try {
              await work();
            } catch {
              // goes on
            }
          }
        });
      });
      expect(stop.now, "the turn of somebody else came").toBe(true);
      expect(rounds).toBeLessThan(100);
    },
  );

  test("3.5: the first refusal comes at once, each further one in a later turn", async () => {
    const trace: string[] = [];
    await cancelled((group) => {
      group.createTask(async (task) => {
        await turn();
        setImmediate(() => trace.push("turn"));
        task.cancel();
        for (const name of ["first", "second"]) await sleep(1).catch(() => trace.push(name));
        await turn();
      });
    });
    expect(trace).toEqual(["first", "turn", "second"]);
  });
});

describe("resisters are named", () => {
  test("3.5: a loop that swallows everything is named once, with its name and the place", async () => {
    const stop = { now: false };
    await cancelled((group) => {
      group.createTask(
        async () => {
          while (!stop.now) {
            try {
              await sleep(10);
            } catch {
              await turn(1);
            }
          }
        },
        { name: "stubborn" },
      );
      group.createTask(() =>
        shield(() => sleep(20_000), { within: Infinity }).then(() => (stop.now = true)),
      );
    });
    const warnings = await takeWarnings();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^JOINERY_RESISTS_CANCEL: .*5000 ms after the cancellation \(group "crew" was cancelled/,
    );
    expect(warnings[0]).toMatch(
      /group "crew"\n {2}task "stubborn"\n {4}caught its cancellation and went on; was last refused a wait\n/,
    );
    expect(warnings[0]).toMatch(/resistance\.test\.ts:\d+:\d+/);
  });

  test("3.5: a task that two cancellations reach is named once", async () => {
    await cancelled((group) => {
      group.createTask(() => timeout(1, () => shield(() => sleep(20_000), { within: Infinity })), {
        name: "stubborn",
      });
      return sleep(5);
    });
    const warnings = await takeWarnings();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('task "stubborn"');
  });

  test("3.5: and once more when it resists a later cancellation", async () => {
    await inPassingTime(async () => {
      for (let time = 0; time < 2; time++)
        await moveOnAfter(1, () => shield(() => sleep(20_000), { within: Infinity }));
    });
    expect(await takeWarnings()).toHaveLength(2);
  });

  test("3.5: a task in a library wait inside a shield is named with what it waits for, and where", async () => {
    await cancelled((group) => {
      group.createTask(() => shield(waitsHere, { within: Infinity }), { name: "shielded" });
    }, 100);
    const [warning, ...more] = await takeWarnings();
    expect(more).toEqual([]);
    expect(warning).toMatch(/100 ms after/);
    expect(warning).toMatch(/ {2}task "shielded"\n {4}waits for sleep, shielded\n/);
    expect(warning).toMatch(/at (async )?waitsHere .*resistance\.test\.ts:\d+:\d+/);
  });

  test("3.5: one that waits for a foreign promise is said to do so", async () => {
    const { promise, resolve } = foreign();
    await cancelled((group) => {
      group.createTask(() => promise, { name: "hangs" });
      group.createTask(() => shield(() => sleep(200).then(resolve), { within: Infinity }), {
        name: "helper",
      });
    }, 100);
    const [warning] = await takeWarnings();
    expect(warning).toMatch(
      / {2}task "hangs"\n {4}waits for a promise that is not joinery's, or computes/,
    );
  });

  test("3.5: one that caught its cancellation and then waits for a foreign promise is said to have caught it", async () => {
    const { promise, resolve } = foreign();
    await cancelled((group) => {
      group.createTask(() => sleep(1000).catch(() => promise), { name: "caught" });
      group.createTask(() => shield(() => sleep(200).then(resolve), { within: Infinity }));
    }, 100);
    const [warning] = await takeWarnings();
    expect(warning).toMatch(
      / {2}task "caught"\n {4}caught its cancellation, and waits for a promise that is not joinery's/,
    );
  });

  test("3.5: a task in the middle of defer hooks is named with the place in the hook", async () => {
    await inPassingTime(() =>
      taskGroup(
        async (group) => {
          const task = group.createTask(
            () =>
              taskGroup(async (inner) => {
                inner.defer(waitsHere);
                await sleep(10_000);
              }),
            { name: "cleans up" },
          );
          await turn();
          task.cancel();
          await wait([task]);
        },
        { grace: 100 },
      ),
    );
    const [warning, ...more] = await takeWarnings();
    expect(more).toEqual([]);
    expect(warning).toMatch(/task "cleans up"/);
    expect(warning).toMatch(/waits for sleep, shielded/);
    expect(warning).toMatch(/waitsHere.*resistance\.test\.ts:\d+:\d+/);
  });

  test("3.5: a timeout whose body resists names the task that runs it", async () => {
    await inPassingTime(
      () => timeout(10, () => shield(() => sleep(9000), { within: Infinity })).catch(() => {}),
      { name: "main task" },
    );
    const [warning, ...more] = await takeWarnings();
    expect(more).toEqual([]);
    expect(warning).toMatch(/5000 ms after the cancellation \(timeout .*: its deadline passed\)/);
    expect(warning).toMatch(/task "main task"/);
  });

  test("3.5: the tree shows the way down to each resister, and every scope once", async () => {
    await cancelled((group) => {
      group.createTask(
        () =>
          taskGroup(
            (inner) => {
              for (const name of ["left", "right"]) {
                inner.createTask(() => shield(() => sleep(500), { within: Infinity }), { name });
              }
            },
            { name: "inner" },
          ),
        { name: "middle" },
      );
    }, 100);
    const [warning] = await takeWarnings();
    const tree = (warning ?? "").split("\n").filter((line) => /^ *(group|task) /.test(line));
    expect(tree).toEqual([
      'group "crew"',
      '  task "middle"',
      '    group "inner"',
      '      task "left"',
      '      task "right"',
    ]);
  });

  test("3.5: what ends within the grace is not named; nor is anything with an infinite one", async () => {
    await cancelled((group) => {
      group.createTask(() => shield(() => sleep(4999), { within: Infinity }));
    });
    await cancelled((group) => {
      group.createTask(() => shield(() => sleep(100_000), { within: Infinity }));
    }, Infinity);
    expect(await takeWarnings()).toEqual([]);
  });

  test("3.5: nor is what ends while the warning is being written", async () => {
    await cancelled((group) => {
      for (let i = 0; i < 50; i++) {
        group.createTask(() => shield(() => sleep(100), { within: Infinity }));
      }
    }, 100);
    expect(await takeWarnings()).toEqual([]);
  });

  test("3.5: the grace of a run counts for everything inside, that of a group goes before it", async () => {
    await inPassingTime(() => moveOnAfter(1, resist), { grace: 50 });
    await inPassingTime(() => taskGroup(() => moveOnAfter(1, resist), { grace: 1000 }), {
      grace: 50,
    });
    const warnings = await takeWarnings();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/50 ms after/);
  });

  test("3.5: a warning about ten thousand resisters stays short", async () => {
    await cancelled((group) => {
      for (let i = 0; i < 10_000; i++) {
        group.createTask(() => shield(() => sleep(500), { within: Infinity }), {
          name: `worker ${i}`,
        });
      }
    }, 100);
    const [warning] = await takeWarnings();
    expect(warning).toMatch(/worker 0/);
    expect(warning?.split("\n").length).toBeLessThan(200);
  });

  test("3.5: one resister below 5,000 groups is named, without delay", async () => {
    const nest = (depth: number): Promise<unknown> =>
      taskGroup((group) => {
        if (depth > 0) group.createTask(() => nest(depth - 1));
        else group.createTask(() => shield(waitsHere, { within: Infinity }), { name: "deepest" });
      });
    await cancelled(async (group) => {
      group.createTask(() => nest(5000));
      await sleep(1);
    }, 100);
    const [warning] = await takeWarnings();
    expect(warning).toMatch(/deepest/);
    expect(warning).toMatch(/at (async )?waitsHere .*resistance\.test\.ts:\d+:\d+/);
    expect(warning?.split("\n").length).toBeLessThan(200);
  });

  test("3.5: what was left behind is listed with the resisters", async () => {
    const { promise, resolve } = foreign();
    await cancelled((group) => {
      group.createTask(() => abandonable(promise, { label: "slow query" }));
      group.createTask(() => shield(() => sleep(200).then(resolve), { within: Infinity }));
    }, 100);
    const [warning] = await takeWarnings();
    expect(warning).toMatch(/\nleft behind: slow query$/);
  });
});
