import { expect, test, vi } from "vitest";
import { latestTask, run, sleep, taskGroup, timeout } from "joinery";

const inMain = (main: () => Promise<void>): Promise<void> =>
  run(main, { name: "main", handleSignals: false });

test("2: before any task has run there is none", async () => {
  vi.resetModules();
  const fresh = await import("joinery");
  expect(fresh.latestTask()).toBeUndefined();
});

test("2: the latest task is the one that was started or resumed last, also when it is over", async () => {
  const seen: unknown[] = [];
  const look = (): void => void seen.push(latestTask()?.name);
  await inMain(() =>
    taskGroup(async (group) => {
      look();
      await group.createTask(look, { name: "child" });
      look();
    }),
  );
  look();
  expect(seen).toEqual(["main", "child", "main", "main"]);
});

test("2: in a task that was resumed in one of its blocks that is the task, not the block", async () => {
  await inMain(() =>
    timeout(1000, async () => {
      await sleep(1);
      expect(latestTask()).toMatchObject({ kind: "task", name: "main" });
    }),
  );
});
