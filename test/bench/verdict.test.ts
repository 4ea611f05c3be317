import { describe, expect, test } from "vitest";
import type { Figure } from "../../bench/figures.ts";
import { page } from "../../bench/markdown.ts";
import { report } from "../../bench/report.ts";
import { rows, type WorkRow } from "../../bench/rows.ts";
import { races, verdicts } from "../../bench/verdict.ts";
import { runtimeFor } from "./runtime-for.ts";

const spawn = rows.find(({ id }) => id === "spawn-10k") as WorkRow;
const node24 = runtimeFor("Node 24");
const node20 = runtimeFor("Node 20");

function figures(runtime: string, times: Record<string, number[]>): Figure[] {
  return Object.entries(times).map(([subject, samples]) => ({
    row: spawn.id,
    runtime,
    subject,
    samples,
  }));
}

const measured = figures("node24", {
  promises: [1, 2, 1],
  "joinery taskGroup": [3, 8, 2],
  "abort-controller-x": [2, 8, 4],
  effection: [1, 1, 1],
  "p-map": [1, 1, 1],
});

describe("verdicts", () => {
  test("a target is met by the median of the rounds", () => {
    const [verdict] = verdicts(spawn, node24, measured);
    expect(verdict).toMatchObject({ met: true, limit: 3, figure: { median: 3, min: 2, max: 4 } });
  });

  test("a target is missed by anything above", () => {
    const slower = figures("node24", { promises: [10], "joinery taskGroup": [30.1] });
    expect(verdicts(spawn, node24, slower)[0]?.met).toBe(false);
  });

  test("Node 20 has targets of its own, and what is no Node has none", () => {
    const older = figures("node20", { promises: [1], "joinery taskGroup": [4.9] });
    expect(verdicts(spawn, node20, older)[0]).toMatchObject({ met: true, limit: 5 });
    const bun = figures("bun", { promises: [1], "joinery taskGroup": [100] });
    expect(verdicts(spawn, runtimeFor("Bun"), bun)).toEqual([]);
  });

  test("nothing is said of what was not measured", () => {
    expect(verdicts(spawn, node24, [])).toEqual([]);
    expect(races(spawn, "node24", [])).toEqual([]);
  });

  test("joinery is compared with the peers that give guarantees, and with no others", () => {
    expect(races(spawn, "node24", measured)).toMatchObject([
      { peer: "abort-controller-x", won: false },
      { peer: "effection", won: false },
    ]);
    const faster = figures("node24", { "joinery taskGroup": [3], effection: [300] });
    expect(races(spawn, "node24", faster)).toMatchObject([{ peer: "effection", won: true }]);
  });
});

describe("the page", () => {
  const plan = {
    rows: [spawn],
    packages: [],
    runtimes: [node20, node24],
    rounds: 3,
    quick: false,
    patience: { warmUp: 1, budget: 1 },
  };
  const setting = {
    date: "2000-01-01",
    machine: "1 core",
    load: [0.1, 0.2] as const,
    versions: { joinery: "1.2.3" },
  };
  const missed = figures("node20", { promises: [1], "joinery taskGroup": [7] });
  const failed = { ...(measured[4] as Figure), samples: [], failed: "not over after 90 s" };
  const found = report(plan, [...measured.slice(0, 4), failed, ...missed], setting);
  const lines = page(found).split("\n");

  test("says of each target whether it is met, and names the misses", () => {
    expect(lines).toContain(
      "| create and join 10,000 trivial tasks: joinery taskGroup against promises (aim 2.5) " +
        "| ≤ 3 | ≤ 5 | **7, missed** | 3, met |",
    );
    expect(lines).toContain(
      "- Node 20, create and join 10,000 trivial tasks: joinery taskGroup against promises (aim 2.5): 7 and not ≤ 5",
    );
  });

  test("names the peers that are not slower", () => {
    expect(lines).toContain(
      "- Node 24, create and join 10,000 trivial tasks: 3 [2..8] of the time of effection",
    );
  });

  test("shows median, smallest and largest ratio, what failed, and what was not measured", () => {
    expect(lines).toContain("| promises | 1 | 1 |");
    expect(lines).toContain("| joinery taskGroup | 7 | 3 [2..4] |");
    expect(lines).toContain("| p-map | – | not over after 90 s |");
    expect(lines).toContain("| p-queue | – | – |");
  });
});
