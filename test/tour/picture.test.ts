import { describe, expect, test } from "vitest";
import { picture } from "../../examples/tour/picture.ts";
import type { Bar, Recording } from "../../examples/tour/recorder.ts";
import { coloured, plain } from "../../examples/tour/style.ts";

/** Adds a bar from `openedAt` on, below `parent` if there is one. */
function bar(recording: Recording, name: string, parent?: Bar, rest: Partial<Bar> = {}): Bar {
  const openedAt = rest.openedAt ?? 0;
  const own = { kind: "task", name, parent, children: [], shielded: false, failedAt: [] } as const;
  const made: Bar = { ...own, children: [], failedAt: [], openedAt, startedAt: openedAt, ...rest };
  (parent?.children ?? recording.roots).push(made);
  return made;
}

function recordingOf(lastAt: number): Recording {
  return { roots: [], waves: [], ended: [], lastAt };
}

/** Two services in a group in a group; one fails at 100, the other cleans up until 150. */
function services(): Recording {
  const recording = recordingOf(150);
  const cell = bar(recording, "cell", undefined, {
    failedAt: [150],
    endedAt: 150,
    outcome: "failed",
  });
  const block = { kind: "group", endedAt: 150, outcome: "failed" } as const;
  const server = bar(recording, "server", cell, { ...block, failedAt: [150], cancelledAt: 150 });
  const over = { outcome: "cancelled", endedAt: 150 } as const;
  bar(recording, "job", server, { ...over, cancelledAt: 150 });
  const group = bar(recording, "services", server, { ...block, failedAt: [100], cancelledAt: 100 });
  bar(recording, "one", group, { failedAt: [100], endedAt: 100, outcome: "failed" });
  bar(recording, "two", group, { ...over, cancelledAt: 100 });
  recording.waves.push({ top: group, at: 100 }, { top: server, at: 150 });
  return recording;
}

const shown = (lines: readonly string[]): string => `\n${lines.join("\n")}\n`;

describe("the picture", () => {
  test("shows groups as a tree, the moment of each failure, and the wave that followed it", () => {
    expect(shown(picture(services(), { width: 80, paint: plain }))).toMatchInlineSnapshot(`
      "
                      0              50            100            150 ms
                      ├──────────────┼─────────────┼──────────────┼─
        cell          ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━✗  failed     150 ms
        └ server      ────────────────────────────────────────────✗  failed     150 ms
          ├ job       ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━│○ cancelled  150 ms
          └ services  ─────────────────────────────✗┄┄┄┄┄┄┄┄┄┄┄┄┄┄┤  failed     150 ms
            ├ one     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━✗                 failed     100 ms
            └ two     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━│▒▒▒▒▒▒▒▒▒▒▒▒▒▒○  cancelled  150 ms

        ━ task   ─ block   ✗ fails   │ cancel   ▒ winding down   ○ cancelled
      "
    `);
  });

  test("follows the width of the terminal", () => {
    const lines = picture(services(), { width: 60, paint: plain });
    expect(shown(lines)).toMatchInlineSnapshot(`
      "
                      0               100 ms
                      ├───────────────┼─────────
        cell          ━━━━━━━━━━━━━━━━━━━━━━━━✗  failed     150 ms
        └ server      ────────────────────────✗  failed     150 ms
          ├ job       ━━━━━━━━━━━━━━━━━━━━━━━━│○ cancelled  150 ms
          └ services  ────────────────✗┄┄┄┄┄┄┄┤  failed     150 ms
            ├ one     ━━━━━━━━━━━━━━━━✗          failed     100 ms
            └ two     ━━━━━━━━━━━━━━━━│▒▒▒▒▒▒▒○  cancelled  150 ms

        ━ task   ─ block   ✗ fails   │ cancel   ▒ winding down
        ○ cancelled
      "
    `);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  test("is empty where there is no room for it, and when nothing has happened", () => {
    expect(picture(services(), { width: 40, paint: plain })).toEqual([]);
    expect(picture(recordingOf(0), { width: 80, paint: plain })).toEqual([]);
  });

  test("draws many tasks of one name two to a line", () => {
    const recording = recordingOf(100);
    const group = bar(recording, "group", undefined, {
      kind: "group",
      endedAt: 100,
      outcome: "done",
    });
    for (let n = 1; n <= 11; n++) {
      bar(recording, "task", group, { endedAt: n * 9, outcome: "done" });
    }
    expect(shown(picture(recording, { width: 80, paint: plain }))).toMatchInlineSnapshot(`
      "
                     0                      50                    100 ms
                     ├──────────────────────┼─────────────────────┼─
        group        ─────────────────────────────────────────────┤  done       100 ms
        └ 11 × task  █████▄▄▄▄                                       11 done
                     █████████████▄▄▄▄
                     █████████████████████▄▄▄▄
                     █████████████████████████████▄▄▄▄
                     █████████████████████████████████████▄▄▄▄▄
                     ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀

        ─ block   █ two tasks
      "
    `);
  });

  test("gives a task of a pack a line of its own again when it fails", () => {
    const recording = recordingOf(100);
    for (let n = 1; n <= 9; n++)
      bar(recording, "task", undefined, { endedAt: 90, outcome: "done" });
    expect(picture(recording, { width: 80, paint: plain })).toHaveLength(2 + 5 + 2);
    recording.roots[3]!.failedAt.push(90);
    expect(picture(recording, { width: 80, paint: plain })).toHaveLength(2 + 9 + 2);
  });

  test("of a run that goes on ends now, on an axis that is longer", () => {
    const recording = recordingOf(20);
    bar(recording, "running", undefined);
    bar(recording, "waiting", undefined, { startedAt: 80 });
    const lines = picture(recording, { width: 80, paint: plain, now: 100, until: 250 });
    expect(shown(lines)).toMatchInlineSnapshot(`
      "
                 0         50        100      150       200       250 ms
                 ├─────────┼─────────┼────────┼─────────┼─────────┼─
        running  ━━━━━━━━━━━━━━━━━━━━━
        waiting  ················━━━━━

        ━ task   · not started
      "
    `);
  });

  test("marks what is cancelled while it runs, goes on for a while, and returns", () => {
    const recording = recordingOf(200);
    bar(recording, "stubborn", undefined, { cancelledAt: 80, endedAt: 200, outcome: "done" });
    expect(shown(picture(recording, { width: 80, paint: plain }))).toMatchInlineSnapshot(`
      "
                  0           50          100         150         200 ms
                  ├───────────┼───────────┼───────────┼───────────┼─
        stubborn  ━━━━━━━━━━━━━━━━━━━│▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒✓  done       200 ms

        ━ task   ✓ done   │ cancel   ▒ winding down
      "
    `);
  });

  test("puts what happens at once into one column, and a bar that is cut there ends beside it", () => {
    const recording = recordingOf(100);
    const group = bar(recording, "group", undefined, {
      kind: "group",
      failedAt: [99.2],
      cancelledAt: 99.3,
      endedAt: 100,
      outcome: "failed",
    });
    bar(recording, "bad", group, { failedAt: [99.2], endedAt: 99.2, outcome: "failed" });
    bar(recording, "good", group, { cancelledAt: 99.3, endedAt: 99.9, outcome: "cancelled" });
    recording.waves.push({ top: group, at: 99.3 });
    expect(shown(picture(recording, { width: 60, paint: plain }))).toMatchInlineSnapshot(`
      "
                0              50             100 ms
                ├──────────────┼──────────────┼─
        group   ──────────────────────────────✗  failed     100 ms
        ├ bad   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━✗  failed      99 ms
        └ good  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━│○ cancelled  100 ms

        ━ task   ─ block   ✗ fails   │ cancel   ○ cancelled
      "
    `);
  });

  test("is coloured by how a task ended", () => {
    const [failed, cancelled] = ["\x1b[31m", "\x1b[33m"];
    const lines = picture(services(), { width: 60, paint: coloured });
    expect(lines.find((line) => line.includes("one"))).toContain(`${failed}━`);
    expect(lines.find((line) => line.includes("two"))).toContain(`${cancelled}━`);
  });
});
