import { describe, expect, test } from "vitest";
import {
  allTasks,
  createTask,
  currentSignal,
  currentTask,
  moveOnAfter,
  type Parked,
  run,
  sleep,
  suspend,
  taskGroup,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

describe("the ambient view", () => {
  test("2: currentTask is the task whose code runs: also in blocks, and in the body of a group", async () => {
    expect(currentTask()).toBeUndefined();
    const names: (string | undefined)[] = [];
    await inVirtualTime(
      () =>
        taskGroup(async (group) => {
          names.push(currentTask()?.name);
          await group.createTask((task) => void names.push(String(currentTask() === task)), {
            name: "child",
          });
          await moveOnAfter(10, async () => names.push(currentTask()?.name));
        }),
      { name: "main" },
    );
    expect(names).toEqual(["main", "true", "main"]);
  });

  test("2: currentSignal is that of the innermost scope; outside of any it never aborts", async () => {
    expect(currentSignal().aborted).toBe(false);
    await inVirtualTime((task) =>
      taskGroup((group) => {
        expect(currentSignal()).toBe(group.signal);
        expect(currentSignal()).not.toBe(task.signal);
      }),
    );
  });

  test("2: allTasks are those of the enclosing run, or all of them outside", async () => {
    const parkedOutside: Parked<void>[] = [];
    const outside = createTask(() => suspend<void>((parked) => void parkedOutside.push(parked)), {
      name: "outside",
    });
    let names: string[] = [];
    await inVirtualTime(
      () =>
        taskGroup(async (group) => {
          group.createTask(() => sleep(1), { name: "a" });
          group.createTask(
            () => taskGroup((inner) => void inner.createTask(() => sleep(1), { name: "b" })),
            { name: "c" },
          );
          await turn();
          names = allTasks().map((task) => task.name);
          const nested = await run(() => allTasks().map((task) => task.name), {
            name: "inner",
            handleSignals: false,
          });
          expect(nested).toEqual(["inner"]);
        }),
      { name: "main" },
    );
    expect(names).toEqual(["main", "a", "c", "b"]);
    expect(allTasks().map((task) => task.name)).toEqual(["outside"]);
    parkedOutside[0]?.resolve();
    await outside;
    expect(allTasks()).toEqual([]);
  });
});
