import { createTask, moveOnAfter, shield, sleep, taskGroup } from "joinery";
import { describe, expect, test } from "vitest";
import { endings, labelOf, Recorder, type Bar } from "../../examples/tour/recorder.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

/** What `main` does, from the view of a recorder that listens beside it. */
async function record(main: () => Promise<unknown>): Promise<Recorder["recording"]> {
  let recorder: Recorder | undefined;
  await inVirtualTime(async () => {
    recorder = new Recorder();
    try {
      await createTask(main, { name: "cell" });
    } catch {
      // What comes out of `main` is part of the recording.
    }
    await sleep(1000);
    recorder.stop();
  });
  return recorder!.recording;
}

/** A line for each bar: its name below that of its parent, when it began and ended, and how. */
function lines(bars: readonly Bar[], indent = ""): string[] {
  return bars.flatMap((bar) => [
    `${indent}${labelOf(bar, bars)} ${bar.openedAt}–${bar.endedAt} ${bar.outcome}`,
    ...lines(bar.children, `${indent}  `),
  ]);
}

async function fails(): Promise<never> {
  await sleep(100);
  throw new Error("no");
}

describe("the recorder", () => {
  test("nests tasks and blocks as they are, with their times", async () => {
    const { roots } = await record(() =>
      taskGroup(
        async (outer) => {
          outer.createTask(() => sleep(30));
          await moveOnAfter(50, () => taskGroup((inner) => void inner.createTask(() => sleep(90))));
          outer.createTask(() => sleep(10), { name: "last" });
        },
        { name: "outer" },
      ),
    );
    expect(lines(roots)).toEqual([
      "cell 0–60 done",
      "  outer 0–60 done",
      "    task 0–30 done",
      "    timeout 0–50 cancelled",
      "      group 0–50 cancelled",
      "        task 0–50 cancelled",
      "    last 50–60 done",
    ]);
  });

  test("knows when each failure came, how far its wave went, and in which order tasks ended", async () => {
    const recording = await record(() =>
      taskGroup((group) => {
        group.createTask(fails);
        group.createTask(async () => {
          try {
            await sleep(500);
          } finally {
            await shield(() => sleep(40), { within: 100 });
          }
        });
      }),
    );
    const [cell] = recording.roots;
    const [group] = cell!.children;
    expect(lines(recording.roots)).toEqual([
      "cell 0–140 failed",
      "  group 0–140 failed",
      "    fails 0–100 failed",
      "    task 0–140 cancelled",
    ]);
    expect(recording.waves).toEqual([{ top: group, at: 100 }]);
    expect(group!.failedAt).toEqual([100]);
    expect([cell, group, ...group!.children].map((bar) => bar!.cancelledAt)).toEqual([
      undefined,
      100,
      undefined,
      100,
    ]);
    expect(endings(recording)).toEqual(["fails failed", "task cancelled", "cell failed"]);
  });

  test("shows what is inside a shield with the task that opened it, out of reach of the wave", async () => {
    const { roots } = await record(() =>
      moveOnAfter(10, () =>
        shield(() => taskGroup((group) => void group.createTask(() => sleep(30))), { within: 99 }),
      ),
    );
    expect(lines(roots)).toEqual([
      "cell 0–30 done",
      "  timeout 0–30 cancelled",
      "    group 0–30 done",
      "      task 0–30 done",
    ]);
  });

  test("knows a task that was born cancelled", async () => {
    const { roots } = await record(() =>
      taskGroup(
        (group) => {
          group.cancel();
          group.createTask(() => sleep(30), { name: "late" });
        },
        { cancellable: true },
      ),
    );
    const [late] = roots[0]!.children[0]!.children;
    expect(late).toMatchObject({ name: "late", outcome: "cancelled", cancelledAt: 0, endedAt: 0 });
    expect(late).not.toHaveProperty("startedAt");
  });

  test("numbers siblings of one name, and only these", async () => {
    const recording = await record(() =>
      taskGroup((group) => {
        group.createTask(() => sleep(20));
        group.createTask(() => sleep(10), { name: "other" });
        group.createTask(() => sleep(5));
      }),
    );
    expect(endings(recording)).toEqual(["task 2 done", "other done", "task 1 done", "cell done"]);
  });

  test("hears nothing of what is around it, and of what comes after its end", async () => {
    await inVirtualTime(async () => {
      const recorder = new Recorder();
      await createTask(() => sleep(1), { name: "cell" });
      await taskGroup((group) => void group.createTask(() => sleep(1)));
      recorder.stop();
      await createTask(() => sleep(1), { name: "later" });
      expect(lines(recorder.recording.roots)).toEqual(["cell 0–1 done"]);
    });
  });
});
