/** Timers that are due at the same time, and those that never are. */

import { expect, test, vi } from "vitest";
import { moveOnAfter, sleep, taskGroup } from "joinery";
import { turn } from "../support/turn.ts";
import { inPassingTime, VirtualClock } from "../support/virtual-clock.ts";

const due = (ms: number): number => Math.ceil(ms + 0.1);

test("3: sleeps of different lengths that are due in the same millisecond wake in order of creation", async () => {
  const lengths = Array.from(
    { length: 40 },
    (_, i) => 10 + Math.floor(i / 20) + (((i % 20) * 7) % 20) / 25,
  );
  const woken: number[] = [];
  await inPassingTime(() =>
    Promise.all(lengths.toReversed().map((ms) => sleep(ms + 0.1).then(() => woken.push(ms)))),
  );
  // A stable sort: what is due together stays as it was created.
  expect(woken).toEqual(lengths.toReversed().toSorted((a, b) => due(a) - due(b)));
});

test("3: a sleep without an end keeps the program alive, and its timer is taken back", async () => {
  const clock = new VirtualClock();
  const set = vi.spyOn(clock, "setTimeout");
  const cleared = vi.spyOn(clock, "clearTimeout");
  await inPassingTime(
    () =>
      taskGroup(
        async (group) => {
          group.createTask(() => sleep(Infinity));
          await turn();
          expect(set).toHaveBeenCalledTimes(1);
          group.cancel();
        },
        { cancellable: true, grace: Infinity },
      ),
    { clock },
  );
  const handles = set.mock.results.map(({ value }) => [value]);
  expect(cleared.mock.calls, "only what was set is cleared").toEqual(handles);
});

test("3: deadlines that are due together pass in order of creation", async () => {
  const passed: string[] = [];
  await inPassingTime(() =>
    taskGroup((group) => {
      for (const [i, ms] of [9.3, 9.9, 9.1, 9.5, 9.7, 9.2, 9.4].entries())
        group.createTask(async () => {
          await moveOnAfter(ms, () => sleep(Infinity));
          passed.push(`${i}`);
        });
    }),
  );
  expect(passed.join(" ")).toBe("0 1 2 3 4 5 6");
});
