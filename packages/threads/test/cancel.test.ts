/** Cancelling what runs in a thread: cooperatively first, by force after `grace`. */

import { CancelledError, moveOnAfter, sleep, taskGroup } from "joinery";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../../../test/support/no-leaks.ts";
import { echo, fixture, openThreads, Watch, type Watched, where } from "./support.ts";

describe("a function that looks whether it is to stop", () => {
  test.each(["looksAtSignal", "asksSignal", "checksCall", "checksTask", "sleeps"])(
    "%s: is stopped, cleans up, and its thread survives",
    async (name) => {
      await using executor = openThreads();
      const watch = new Watch();
      let thread = 0;
      await taskGroup(
        async (group) => {
          const { seen } = watch;
          group.createTask(() => executor.call(fixture<Watched, string>(name), { seen }));
          thread = await watch.begun();
          group.cancel();
        },
        { cancellable: true },
      );
      expect(watch.cleanedUp).toBe(true);
      expect(await executor.call(where)).toBe(thread);
    },
  );

  test("sees why, in a loop that never waits", async () => {
    await using executor = openThreads();
    const watch = new Watch();
    const { seen } = watch;
    let why: unknown;
    const error: unknown = await taskGroup(
      async (group) => {
        group.createTask(async () => {
          why = await executor.call(fixture<Watched, unknown>("tellsWhy"), { seen });
        });
        await watch.begun();
        throw new RangeError("poisoned");
      },
      { name: "frames" },
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ errors: [{ message: "poisoned" }] });
    expect(why).toEqual({
      source: "sibling-error",
      message: 'group "frames" was cancelled: its body failed',
      cause: new RangeError("poisoned"),
    });
  });

  test("sees a reason that is too long for shared memory in short", async () => {
    await using executor = openThreads();
    const watch = new Watch();
    const { seen } = watch;
    const why = await taskGroup(async (group) => {
      const task = group.createTask(() =>
        executor.call(fixture<Watched, { source: string; cause: unknown }>("tellsWhy"), { seen }),
      );
      await watch.begun();
      task.cancel("x".repeat(20_000));
      return task;
    });
    expect(why).toMatchObject({ source: "explicit", cause: undefined });
  });
});

describe("a function that does not look", () => {
  const neverLooks = fixture<Watched, never>("neverLooks");

  test("is ended with its thread after grace, and a warning; the caller sees its cancellation", async () => {
    await using executor = openThreads({ grace: 50 });
    const watch = new Watch();
    const { seen } = watch;
    let thread = 0;
    let ending: unknown;
    const { cancelled } = await taskGroup(
      async (group) => {
        group.createTask(() =>
          executor.call(neverLooks, { seen }).catch((error: unknown) => {
            ending = error;
            throw error;
          }),
        );
        thread = await watch.begun();
        group.cancel();
      },
      { cancellable: true },
    );
    expect(cancelled).toBe(true);
    expect(ending).toBeInstanceOf(CancelledError);
    expect(watch.cleanedUp).toBe(false);
    expect(await takeWarnings()).toEqual([
      `JOINERY_TERMINATED: neverLooks did not react to its cancellation, and was ended with thread ${thread}: its cleanup did not run.`,
    ]);
    expect(await executor.call(where)).not.toBe(thread);
  });

  test("takes nobody else with it", async () => {
    await using executor = openThreads({ threads: 2, grace: 500 });
    const watches = [new Watch(), new Watch()];
    let goesOn: boolean | undefined;
    const value = await taskGroup(async (group) => {
      const [lost, kept] = watches.map(({ seen }, at) =>
        group.createTask(() =>
          executor.call(at === 0 ? neverLooks : fixture<Watched, string>("looksAtSignal"), {
            seen,
          }),
        ),
      );
      await watches[0]?.begun();
      await watches[1]?.begun();
      lost?.cancel();
      while (!lost?.done()) await sleep(5);
      goesOn = kept?.done() === false;
      kept?.cancel();
      return kept;
    });
    expect(goesOn).toBe(true);
    expect(await takeWarnings()).toHaveLength(1);
    expect(watches[1]?.cleanedUp).toBe(true);
    expect(value).toBe("stopped");
  });
});

describe("a call that waits for a thread", () => {
  test("is gone at once when it is cancelled, and never begins; the others keep their order", async () => {
    await using executor = openThreads();
    const watch = new Watch();
    const never = new Watch();
    const order: unknown[] = [];
    await taskGroup(async (group) => {
      const busy = group.createTask(() =>
        executor.call(fixture<Watched, string>("looksAtSignal"), { seen: watch.seen }),
      );
      await watch.begun();
      group.createTask(() => executor.call(echo, "first").then((value) => order.push(value)));
      const call = (): Promise<string> =>
        executor.call(fixture<Watched, string>("sleeps"), { seen: never.seen });
      const { expired } = await moveOnAfter(20, call);
      expect(expired).toBe(true);
      group.createTask(() => executor.call(echo, "second").then((value) => order.push(value)));
      await sleep(5);
      expect(executor.calls.map(({ state }) => state)).toEqual(["running", "waiting", "waiting"]);
      busy.cancel();
    });
    expect(order).toEqual(["first", "second"]);
    expect(Atomics.load(never.seen, 0)).toBe(0);
  });
});
