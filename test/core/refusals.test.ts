import { expect, test } from "vitest";
import { taskGroup } from "joinery";

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
