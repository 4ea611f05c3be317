/** What happens in every program, first half: results, failures, failures inside. */

import { all, ExceptionGroup, taskGroup } from "joinery";
import { describe, expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { caught, cleanups, Story } from "./fixtures/story.ts";

describe.each(cleanups)("with cleanup by %s", (cleanup) => {
  const first = new Error("first");
  const second = new RangeError("second");

  test("1a: results stand in the order of the items, whatever their order of completion", async () => {
    const story = new Story(cleanup);
    const { trace } = story;
    const results = await story.told(() =>
      all([30, 10, 20].map((ms) => story.worker(`${ms} ms`, ms))),
    );
    expect(results).toEqual(["30 ms", "10 ms", "20 ms"]);
    expect(trace.filter((line) => line.endsWith("returns"))).toEqual([
      "10 ms returns",
      "20 ms returns",
      "30 ms returns",
    ]);
  });

  test("1b: two fail, two are stopped, all are awaited, and one error has both", async () => {
    const story = new Story(cleanup);
    const { trace } = story;
    const error = await story.told(async () => {
      const failure = await caught(
        taskGroup((group) => {
          group.createTask(story.worker("A", 100, first));
          group.createTask(story.worker("B", 100, second));
          group.createTask(story.worker("C", 200));
          group.createTask(story.worker("D", 200));
        }),
      );
      trace.push("the group is over");
      return failure;
    });
    expect(trace).toEqual([
      "A starts",
      "B starts",
      "C starts",
      "D starts",
      "A fails",
      "B fails",
      "A is clean",
      "B is clean",
      "C is stopped",
      "D is stopped",
      "C is clean",
      "D is clean",
      "the group is over",
    ]);
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([first, second]);
    expect((error as ExceptionGroup).message).toBe("unhandled errors in a TaskGroup");
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("1c: an inner failure stops the job that the outer group has in the background", async () => {
    const story = new Story(cleanup);
    const { trace } = story;
    const error = await story.told(async () => {
      const failure = await caught(
        taskGroup(async (outer) => {
          outer.createTask(story.worker("the job", 10_000), { background: true });
          await taskGroup((inner) => {
            inner.createTask(story.worker("good", 1000));
            inner.createTask(story.worker("bad", 100, first));
          });
          trace.push("never");
        }),
      );
      trace.push("the outer group is over");
      return failure;
    });
    expect(trace).toEqual([
      "the job starts",
      "good starts",
      "bad starts",
      "bad fails",
      "bad is clean",
      "good is stopped",
      "good is clean",
      "the job is stopped",
      "the job is clean",
      "the outer group is over",
    ]);
    expect((error as ExceptionGroup).errors).toMatchObject([
      { name: "ExceptionGroup", errors: [first] },
    ]);
  });

  test("1c: an inner failure that is caught leaves the outer job alone", async () => {
    const story = new Story(cleanup);
    const { trace } = story;
    await story.told(() =>
      taskGroup(async (outer) => {
        outer.createTask(story.worker("the job", 300));
        const inner = taskGroup((group) => void group.createTask(story.worker("bad", 100, first)));
        expect(await caught(inner)).toMatchObject({ errors: [first] });
        trace.push("caught");
      }),
    );
    expect(trace).toEqual([
      "the job starts",
      "bad starts",
      "bad fails",
      "bad is clean",
      "caught",
      "the job returns",
      "the job is clean",
    ]);
  });
});
