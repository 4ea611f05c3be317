import { expect, test } from "vitest";
import { sleep, taskGroup, timeout } from "joinery";
import { turn } from "../support/turn.ts";

test("3.5: a loop over groups whose children are born cancelled does not starve the event loop", async () => {
  let turns = 0;
  let over = false;
  const tick = (): void => {
    turns++;
    if (!over) setImmediate(tick);
  };
  await taskGroup((group) => {
    group.createTask(async (task) => {
      setImmediate(tick);
      task.cancel();
      for (let round = 0; round < 5; round++) {
        await taskGroup((inner) => void inner.createTask(() => {})).catch(() => {});
      }
      over = true;
    });
  });
  expect(turns).toBeGreaterThanOrEqual(4);
});

test("3.5: a cancellation that comes while blocks are open passes their edges in the same turn", async () => {
  const trace: string[] = [];
  await taskGroup(
    async (group) => {
      group.createTask(() =>
        timeout(1000, () => timeout(1000, () => sleep(1000))).finally(() => trace.push("out")),
      );
      await turn();
      setImmediate(() => trace.push("next turn"));
      group.cancel();
    },
    { cancellable: true },
  );
  await turn();
  expect(trace).toEqual(["out", "next turn"]);
});
