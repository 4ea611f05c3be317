import { moveOnAfter, sleep, taskGroup, type TaskGroup } from "joinery";
import { explore, Sequencer, withVirtualTime } from "joinery/testing";
import { expect, test } from "vitest";
import { caught } from "../core/fixtures/story.ts";

test("steps of different tasks come in the order of their positions, in every schedule", async () => {
  const result = await explore(
    async () => {
      const sequencer = new Sequencer();
      const trace: number[] = [];
      const steps = async (...positions: number[]): Promise<void> => {
        for (const position of positions) {
          await sequencer.step(position, () => trace.push(position));
        }
      };
      await taskGroup((group) => {
        group.createTask(() => steps(1, 4));
        group.createTask(() => steps(0, 3));
        group.createTask(() => steps(2, 5));
      });
      expect(trace).toEqual([0, 1, 2, 3, 4, 5]);
    },
    { exhaustive: true, bound: Infinity },
  );
  expect(result).toEqual({ schedules: expect.any(Number), complete: true });
});

test("a step is over when its body is, and has the value of that", async () => {
  const trace: unknown[] = [];
  await withVirtualTime((clock) =>
    taskGroup(async (group) => {
      const sequencer = new Sequencer();
      group.createTask(async () => {
        await sequencer.step(1);
        trace.push(`second at ${clock.now()}`);
      });
      trace.push(await sequencer.step(0, () => sleep(10).then(() => "first")));
    }),
  );
  expect(trace).toEqual(["first", "second at 10"]);
});

/** What the steps 1 and 2 say when step 0 goes wrong. */
async function after(wrong: (sequencer: Sequencer) => Promise<unknown>): Promise<unknown[]> {
  const sequencer = new Sequencer();
  const outcomes: unknown[] = [];
  await withVirtualTime(() =>
    taskGroup(async (group: TaskGroup) => {
      group.createTask(async () => outcomes.push(await caught(sequencer.step(1))));
      await sleep(1);
      await wrong(sequencer);
      outcomes.push(await caught(sequencer.step(2)));
    }),
  );
  return outcomes;
}

test.each<[string, (sequencer: Sequencer) => Promise<unknown>]>([
  [
    "throws",
    (sequencer) => sequencer.step(0, () => Promise.reject(new Error("mine"))).catch(String),
  ],
  ["is cancelled", (sequencer) => moveOnAfter(5, () => sequencer.step(0, () => sleep(10)))],
])("when a step %s, those after it are told instead of waiting for ever", async (_, wrong) => {
  const broken = {
    code: "JOINERY_SEQUENCE",
    message: expect.stringMatching(/^Step 0 of the sequencer did not come to its end/),
  };
  expect(await after(wrong)).toEqual([
    expect.objectContaining(broken),
    expect.objectContaining(broken),
  ]);
});

test("a step that is cancelled while it waits breaks the order, and those before it go on", async () => {
  await withVirtualTime(async () => {
    const sequencer = new Sequencer();
    await moveOnAfter(5, () => sequencer.step(1));
    expect(await sequencer.step(0, () => "fine").catch(String)).toBe("fine");
    expect(await caught(sequencer.step(2))).toMatchObject({ code: "JOINERY_SEQUENCE" });
  });
});

test("a position can be taken once, and has to be one", async () => {
  const sequencer = new Sequencer();
  await sequencer.step(0);
  expect(await caught(sequencer.step(0))).toMatchObject({
    code: "JOINERY_SEQUENCE",
    message: expect.stringContaining("Position 0"),
  });
  for (const bad of [-1, 0.5, NaN, "1"]) {
    expect(await caught(sequencer.step(bad as number))).toMatchObject({
      name: "RangeError",
      code: "JOINERY_INVALID_ARGUMENT",
    });
  }
  expect(await caught(sequencer.step(1, 5 as never))).toMatchObject({
    code: "JOINERY_EXPECTED_FUNCTION",
  });
});

test("only the steps after the one that was cancelled are told", async () => {
  const trace: string[] = [];
  await withVirtualTime(() =>
    taskGroup(async (group) => {
      const sequencer = new Sequencer();
      const step = (position: number) => async (): Promise<void> => {
        const outcome = await sequencer.step(position, () => "done").catch(() => "told");
        trace.push(`${position} ${outcome}`);
      };
      group.createTask(step(1));
      const second = group.createTask(() => sequencer.step(2));
      group.createTask(step(3));
      await sleep(1);
      second.cancel();
      await sleep(1);
      await step(0)();
    }),
  );
  expect(trace).toEqual(["3 told", "0 done", "1 done"]);
});
