import { describe, expect, test } from "vitest";
import { choosePackages, chooseRows, type Plan, steps } from "../../bench/plan.ts";
import { exponentRow, rows, type WorkRow } from "../../bench/rows.ts";
import { runtimeFor } from "./runtime-for.ts";

const [node, bun, cpython] = ["Node 24", "Bun", "CPython"].map(runtimeFor) as [
  ReturnType<typeof runtimeFor>,
  ReturnType<typeof runtimeFor>,
  ReturnType<typeof runtimeFor>,
];

function plan(parts: Partial<Plan>): Plan {
  const patience = { warmUp: 1, budget: 1 };
  return { rows, packages: [], runtimes: [node], rounds: 1, quick: false, patience, ...parts };
}

function subjects(row: WorkRow, parts: Partial<Plan>): string[] {
  return [...steps(plan({ rows: [row], ...parts }))].map(({ subject }) => subject);
}

const byId = (id: string): WorkRow => rows.find((row) => row.id === id) as WorkRow;

describe("the plan", () => {
  test("interleaves: every round goes through all subjects, every other one backwards", () => {
    const row = byId("await");
    expect(subjects(row, { rounds: 3 })).toEqual([
      ...row.subjects,
      ...row.subjects.toReversed(),
      ...row.subjects,
    ]);
  });

  test("measures bytes and counts once", () => {
    expect(subjects(byId("blocked"), { rounds: 3 })).toEqual(byId("blocked").subjects);
  });

  test("measures more often on Node where collections decide, unless it has to be quick", () => {
    const row = byId("nested-100k");
    expect(subjects(row, { rounds: 3 }).length).toBe(7);
    expect(subjects(row, { rounds: 3, quick: true }).length).toBe(3);
    expect(subjects(row, { rounds: 3, runtimes: [bun] }).length).toBe(3);
    expect(subjects(byId("spawn-1m"), { rounds: 1 })).toEqual(byId("spawn-1m").subjects);
    expect([...steps(plan({ rows: [] }))]).toEqual([]);
  });

  test("leaves allocation to Node, and to CPython what it has", () => {
    expect(subjects(byId("allocated"), { runtimes: [bun, cpython] })).toEqual([]);
    expect(subjects(byId("cancel-100k"), { runtimes: [cpython] })).toEqual([
      "asyncio gather",
      "asyncio TaskGroup",
    ]);
  });

  test("takes the chosen topics and rows, and the essential rows if it has to be quick", () => {
    expect(chooseRows(["cancel"], false).map(({ id }) => id)).toEqual([
      "cancel-10k",
      "cancel-100k",
    ]);
    expect(chooseRows(["cancel-10k"], false).map(({ id }) => id)).toEqual(["cancel-10k"]);
    expect(choosePackages(["threads-4"], false).map(({ id }) => id)).toEqual(["threads-4"]);
    expect(chooseRows(["cancel"], true).map(({ id }) => id)).toEqual(["cancel-100k"]);
    expect(subjects(byId("spawn-10k"), { quick: true })).not.toContain("effection");
  });

  test("has what packages measure, if it is not to be quick", () => {
    const chosen = choosePackages(["cancel", "threads"], false).map(({ id }) => id);
    expect(chosen).toEqual(["threads-1", "threads-4", "threads-64"]);
    expect(choosePackages(["threads"], true)).toEqual([]);
    expect(choosePackages(undefined, false).map(({ topic }) => topic)).toContain("restate");
  });

  test("has joinery and the base in every row with a target, and what the target names", () => {
    for (const row of [...rows, exponentRow])
      for (const { subject, against = subject } of row.targets ?? [])
        expect(row.subjects, row.id).toEqual(expect.arrayContaining([subject, against]));
  });
});
