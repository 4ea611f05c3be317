import { describe, expect, test } from "vitest";
import { differences, type WantedDifference } from "../../conformance/differences.ts";
import type { Verdict } from "../../conformance/kind.ts";
import { kindNamed } from "../../conformance/kinds.ts";
import { asyncioPage } from "../../conformance/page.ts";
import { read } from "../support/repository.ts";

const { entries } = differences;

describe("the wanted differences from CPython", () => {
  test("are at most twelve, each with a name, a reason and a program of its own", () => {
    expect(entries.length).toBeLessThanOrEqual(12);
    for (const part of ["name", "asyncio", "here", "why"] as const) {
      expect(entries.filter((entry) => entry[part] === "")).toEqual([]);
    }
    const different = new Set(entries.map(({ name }) => name));
    expect(different.size).toBe(entries.length);
    const programs = new Set(entries.map(({ program }) => JSON.stringify(program)));
    expect(programs.size).toBe(entries.length);
  });

  test.each(entries)("$name: its program shows it, and CPython did otherwise", async (entry) => {
    const [joinery] = await kindNamed(entry.kind).run([entry.program]);
    expect(joinery).not.toEqual(entry.python);
    expect(joinery).toEqual(entry.ruled?.outcome ?? joinery);
    expect(await explanation(entry, joinery)).toContain(entry.name);
  });

  test("are what docs/asyncio.md says", async () => {
    expect(read("docs/asyncio.md")).toBe(await asyncioPage(differences));
  });
});

/** The entries that lead from what CPython did to what joinery does; those of the rules were recorded. */
async function explanation(entry: WantedDifference, joinery: unknown): Promise<readonly string[]> {
  const { kind, program, python, ruled } = entry;
  if (ruled !== undefined) return ruled.rules.length > 0 ? ruled.rules : ["order"];
  const verdicts = await kindNamed(kind).explain?.([{ program, python, joinery }], noPython);
  const [verdict = { unexplained: "" }]: Verdict[] = verdicts ?? [];
  return "explainedBy" in verdict ? verdict.explainedBy : [];
}

function noPython(): Promise<never> {
  return Promise.reject(new Error("There is no CPython here"));
}
