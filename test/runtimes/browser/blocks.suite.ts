/** Deadlines, shields, runs and background tasks, where every wait is told its scope by a handle. */

import {
  abandonable,
  createTask,
  moveOnAfter,
  run,
  shield,
  sleep,
  statistics,
  suspend,
  timeout,
  timeoutAt,
  TimeoutError,
  waitFor,
  type Parked,
} from "joinery";
import { expect, test, vi } from "vitest";
import { turn } from "../../support/turn.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { caught } from "./caught.ts";
import { takeUnhandledRejections } from "./page.ts";

test("2: a timeout ends its body, awaits the cleanup, and rejects", async () => {
  const trace: string[] = [];
  const error = await inVirtualTime(({ signal }) =>
    caught(
      timeout(
        10,
        async (scope) => {
          await sleep(1000, scope).finally(() => trace.push(`expired: ${scope.expired()}`));
        },
        { signal },
      ),
    ),
  );
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ code: "JOINERY_TIMEOUT", cause: { source: "deadline" } });
  expect(trace).toEqual(["expired: true"]);
});

test("2: a deadline can be a time of the clock, and can be moved", async () => {
  const result = await inVirtualTime(({ signal }) =>
    timeoutAt(
      10,
      async (scope) => {
        scope.reschedule(2000);
        await sleep(1000, scope);
        return scope.when();
      },
      { signal },
    ),
  );
  expect(result).toBe(2000);
});

test("2: the nearest deadline of nested blocks ends the inner one as well", async () => {
  const trace: string[] = [];
  const outer = await inVirtualTime(({ signal }) =>
    moveOnAfter(
      10,
      ({ signal: outside }) =>
        timeout(1000, (inner) => sleep(5000, inner).finally(() => trace.push("inner over")), {
          signal: outside,
        }),
      { signal },
    ),
  );
  expect([outer, trace]).toEqual([{ expired: true, value: undefined }, ["inner over"]]);
});

test("2: waitFor ends the work before it rejects", async () => {
  const trace: string[] = [];
  const error = await inVirtualTime(({ signal }) =>
    caught(
      waitFor(
        ({ signal: own }) => sleep(1000, { signal: own }).finally(() => trace.push("over")),
        5,
        {
          signal,
        },
      ),
    ),
  );
  expect(error).toBeInstanceOf(TimeoutError);
  expect(trace).toEqual(["over"]);
});

test("3.7: a shield that names no signal keeps the cancellation outside until its body is over", async () => {
  const trace: string[] = [];
  await inVirtualTime(({ signal }) =>
    moveOnAfter(
      10,
      async (outer) => {
        await sleep(1000, outer).catch(() => trace.push("cancelled"));
        await shield((own) => sleep(5, own).then(() => trace.push("saved")), { within: 5000 });
        await sleep(1, outer);
        trace.push("never");
      },
      { signal },
    ),
  );
  expect(trace).toEqual(["cancelled", "saved"]);
});

test("3.1: a wait in a cancelled scope is refused on entry; one that has its value keeps it", async () => {
  const { value } = await moveOnAfter(0, async (scope) => {
    let parked!: Parked<string>;
    const wait = suspend<string>((each) => void (parked = each), scope);
    parked.resolve("kept");
    await new Promise((aborted) => scope.signal.addEventListener("abort", aborted));
    return [await wait, await caught(sleep(1, scope))];
  });
  expect(value).toEqual(["kept", expect.objectContaining({ source: "deadline" })]);
});

test("2: run ends what was started with its signal, and gives the value of main", async () => {
  const trace: string[] = [];
  const value = await run(({ signal }) => {
    createTask((task) => sleep(Infinity, task).finally(() => trace.push("left over")), { signal });
    return turn().then(() => "value");
  });
  expect([value, trace]).toEqual(["value", ["left over"]]);
});

test("2: a background task that fails is an unhandled rejection, if nobody awaits it", async () => {
  const error = new Error("nobody hears this");
  createTask(() => Promise.reject(error));
  const heard = createTask(() => Promise.reject(new Error("heard")));
  expect(await caught(heard)).toMatchObject({ message: "heard" });
  expect(await takeUnhandledRejections()).toEqual([error]);
});

test("2: a foreign promise can be left behind; its late error goes to the console", async () => {
  const said = vi.spyOn(console, "warn").mockReturnValue(undefined);
  let fail!: (error: Error) => void;
  const slow = new Promise<never>((_, reject) => (fail = reject));
  const { expired } = await moveOnAfter(0, ({ signal }) =>
    abandonable(slow, { label: "query", signal }),
  );
  expect([expired, statistics().ghosts]).toEqual([true, 1]);
  fail(new Error("late"));
  await turn();
  const text = "[JOINERY_GHOST_ERROR] query, which was left behind, failed: Error: late";
  expect(said.mock.calls).toEqual([[text]]);
  said.mockRestore();
});
