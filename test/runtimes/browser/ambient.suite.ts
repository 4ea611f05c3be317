/** What a page cannot know is refused aloud; with a signal it can be known. */

import {
  allTasks,
  checkpoint,
  currentSignal,
  currentTask,
  InvalidStateError,
  moveOnAfter,
  suspend,
  taskGroup,
  timeLeft,
  wait,
  type Parked,
} from "joinery";
import { describe, expect, test, vi } from "vitest";
import { turn } from "../../support/turn.ts";
import { inPassingTime } from "../../support/virtual-clock.ts";
import { caught } from "./caught.ts";

const ambientCalls: [string, () => unknown][] = [
  ["currentTask()", currentTask],
  ["currentSignal()", currentSignal],
  ["allTasks()", allTasks],
  ["timeLeft()", timeLeft],
  ["checkpoint()", checkpoint],
];

describe.each(ambientCalls)("%s", (name, call) => {
  const refusal = { name: "InvalidStateError", code: "JOINERY_NO_AMBIENT_SCOPE" };

  test("3: fails outside of any scope, and says what to do", async () => {
    const error = await caught(async () => await call());
    expect(error).toBeInstanceOf(InvalidStateError);
    expect(error).toMatchObject(refusal);
    expect((error as Error).message).toContain(name);
    expect((error as Error).message).toMatch(/AsyncLocalStorage.*the handle.*\{ signal \}/);
  });

  test("3: fails in a task, and in a block", async () => {
    const errors = await taskGroup(async (group) => [
      await caught(group.createTask(async () => await call())),
      await caught(() => moveOnAfter(1000, async () => await call(), group)),
    ]).catch((error: AggregateError) => error.errors);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatchObject(refusal);
  });
});

test("3: with { signal }, checkpoint lets a turn pass, and refuses when it has aborted", async () => {
  await checkpoint({ signal: new AbortController().signal });
  const error = await caught(checkpoint({ signal: AbortSignal.abort("enough") }));
  expect(error).toMatchObject({ source: "signal", cause: "enough" });
});

test("3: with the signal of its task, checkpoint hears of the cancellation of that task", async () => {
  let state: string | undefined;
  await taskGroup(async (group) => {
    const task = group.createTask(async ({ signal }) => {
      task.cancel("enough");
      await checkpoint({ signal });
    });
    await wait([task]);
    ({ state } = task);
  });
  expect(state).toBe("cancelled");
});

test("3.5: a task that waits without its signal holds its group up, and is named", async () => {
  const said = vi.spyOn(console, "warn").mockReturnValue(undefined);
  let parked!: Parked<void>;
  const error = inPassingTime(({ signal }) => {
    const group = taskGroup(
      (open) => {
        open.createTask(() => suspend<void>((each) => void (parked = each)), { name: "deaf" });
        open.createTask(() => Promise.reject(new Error("broken")));
      },
      { signal, grace: 10 },
    );
    return caught(group);
  });
  while (said.mock.calls.length === 0) await turn();
  parked.resolve();
  expect(await error).toMatchObject({ errors: [{ message: "broken" }] });
  expect(said.mock.calls).toEqual([
    [expect.stringMatching(/^\[JOINERY_RESISTS_CANCEL\][^]*task "deaf"/)],
  ]);
  said.mockRestore();
});
