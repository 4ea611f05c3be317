import { expect, test } from "vitest";
import { read, tableRows } from "../support/repository.ts";
import differences from "./differences.json" with { type: "json" };

test("2: every test that comes out differently on a runtime is in docs/runtimes.md, with the reason", () => {
  const recorded = differences.map(({ on, why }) => [on.join(", "), why]);
  expect(tableRows("docs/runtimes.md", ["where", "why"])).toEqual(recorded);
  const page = read("docs/runtimes.md");
  const names = differences.flatMap(({ tests }) => tests);
  for (const name of names) expect(page).toContain(name.split(" > ").at(-1));
});

test("2: the recorded results are without failures", () => {
  const titles = ["runtime", "version", "tests", "passed", "failed", "skipped"];
  const rows = tableRows("docs/runtimes.md", titles);
  const names = ["node 20", "node 22", "node 24", "node 26", "bun", "deno", "chromium"];
  expect(rows.map(([name]) => name)).toEqual(names);
  for (const [, , tests, passed, failed, skipped] of rows)
    expect([failed, Number(passed) + Number(skipped)]).toEqual(["0", Number(tests)]);
});
