import { expect, test } from "vitest";
import type { Figure } from "../../bench/figures.ts";
import { page } from "../../bench/markdown.ts";
import { merge } from "../../bench/merge.ts";
import { type Report, report } from "../../bench/report.ts";
import { rows, type WorkRow } from "../../bench/rows.ts";
import { runtimeFor } from "./runtime-for.ts";

const [spawn, limited, cancel] = ["spawn-10k", "limited", "cancel-100k"].map((id) =>
  rows.find((row) => row.id === id),
) as [WorkRow, WorkRow, WorkRow];
const [node20, node24] = [runtimeFor("Node 20"), runtimeFor("Node 24")];

/** A report in which joinery takes `time`, and everything else takes 1. */
function reportOf(date: string, chosen: WorkRow[], runtimes: (typeof node20)[], time: number) {
  const figures = chosen.flatMap((row) =>
    runtimes.flatMap(({ name }) =>
      row.subjects.map((subject): Figure => {
        const samples = [subject === "joinery taskGroup" ? time : 1];
        return { row: row.id, runtime: name, subject, samples };
      }),
    ),
  );
  const patience = { warmUp: 1, budget: 1 };
  const plan = { rows: chosen, packages: [], runtimes, rounds: 3, quick: false, patience };
  const setting = { date, machine: "1 core", load: [0, 0] as const, versions: { joinery: date } };
  return report(plan, figures, setting);
}

function times({ figures }: Report, { id }: WorkRow, on: string): unknown {
  return figures.filter(
    ({ row, subject, runtime }) => row === id && subject === "joinery taskGroup" && runtime === on,
  );
}

/** As it is read from the page of the last run. */
const read = (written: Report): Report => JSON.parse(JSON.stringify(written)) as Report;

const before = read(reportOf("2000-01-01", [spawn, limited], [node20, node24], 2));
const now = reportOf("2000-01-02", [limited, cancel], [node24], 9);
const merged = merge(before, now);

test("what was measured again takes the place of what was there, on that runtime", () => {
  expect(merged.rows.map(({ id }) => id)).toEqual([spawn.id, limited.id, cancel.id]);
  expect(merged.runtimes).toEqual(before.runtimes);
  expect(times(merged, spawn, "node24")).toMatchObject([{ samples: [2] }]);
  expect(times(merged, limited, "node20")).toMatchObject([{ samples: [2] }]);
  expect(times(merged, limited, "node24")).toMatchObject([{ samples: [9] }]);
  expect(times(merged, cancel, "node24")).toMatchObject([{ samples: [9] }]);
  expect(times(merged, cancel, "node20")).toEqual([]);
});

test("so do the verdicts, and the races with peers", () => {
  const met = merged.verdicts
    .filter(({ row, target }) => row === limited.id && target.subject === "joinery taskGroup")
    .map(({ runtime, met: isMet }) => [runtime, isMet]);
  expect(met).toEqual([
    ["node20", false],
    ["node24", false],
  ]);
  expect(merged.races.filter(({ row }) => row === cancel.id).every(({ won }) => !won)).toBe(true);
  expect(merged.verdicts.length).toBe(before.verdicts.length + 1);
});

test("what was not measured again is judged as before, on a page that was read", () => {
  const nested = rows.find(({ id }) => id === "nested-100k")!;
  const old = read(reportOf("2000-01-01", [spawn, nested], [node20, node24], 2));
  const lines = page(merge(old, now)).split("\n");
  expect(lines.filter((line) => line.startsWith(`| ${nested.title} |`))).toEqual([
    `| ${nested.title} | ≤ 5 µs | done | 2, met | 2, met |`,
  ]);
  expect(lines.find((line) => line.startsWith(`| ${spawn.title}`))).toContain(
    "| 2, met | 2, met |",
  );
});

test("the page says which rows were measured again, and each time", () => {
  const titles = `${limited.title}; ${cancel.title}`;
  const twice = merge(merged, { ...now, date: "2000-01-03" });
  expect(page(twice).split("\n")).toEqual(
    expect.arrayContaining(
      ["2000-01-02", "2000-01-03"].map(
        (date) => `Measured again on ${date}, in 3 rounds: ${titles}.`,
      ),
    ),
  );
  expect(merged).toMatchObject({ date: "2000-01-01", versions: { joinery: "2000-01-02" } });
});
