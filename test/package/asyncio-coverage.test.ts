import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { read, root } from "../support/repository.ts";

interface Case {
  readonly name: string;
  /** `core/task.test.ts` and the title of a test in it. */
  readonly test: readonly [file: string, title: string] | undefined;
  readonly reason: string;
}

interface Section {
  readonly title: string;
  /** How many cases CPython has, as the heading says. */
  readonly count: number;
  readonly cases: readonly Case[];
}

const page = read("docs/asyncio-coverage.md");
const sections = page.split("\n## ").slice(1).map(parseSection);
const cases = sections.flatMap((section) => section.cases);

/** The tests that were written for this page. */
const files = readdirSync(join(root, "test/asyncio")).map((name) => `asyncio/${name}`);

function parseSection(text: string): Section {
  const [heading = "", ...lines] = text.split("\n");
  const [, title = "", count = ""] = /^(.+): (\d+) cases$/.exec(heading) ?? [];
  const rows = lines.filter((line) => line.startsWith("|"));
  return { title, count: Number(count), cases: rows.slice(2).map(parseCase) };
}

function parseCase(row: string): Case {
  const [name = "", ours = "", reason = ""] = row
    .split("|")
    .slice(1)
    .map((cell) => cell.trim());
  const [, file, title] = /^`(\S+)` (.+)$/.exec(ours) ?? [];
  const found = file === undefined || title === undefined ? undefined : ([file, title] as const);
  return { name, test: found, reason };
}

/** The titles of the tests, and of the tables of tests, in a file. */
function titlesIn(file: string): string[] {
  const titles = read(`test/${file}`).matchAll(/\(\s*("(?:[^"\\]|\\.)+"),/g);
  return [...titles].map(([, literal]) => JSON.parse(literal!) as string);
}

describe("docs/asyncio-coverage.md", () => {
  test.each(sections)("lists as many cases of $title as it says", ({ count, cases: rows }) => {
    expect(rows).toHaveLength(count);
    expect(rows.filter(({ name }) => !/^`(Test\w+\.)?test_\w+`$/.test(name))).toEqual([]);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(count);
  });

  test("has every part of CPython's tests that it is about", () => {
    expect(sections.map(({ title, count }) => `${title}: ${count}`)).toMatchInlineSnapshot(`
      [
        "test_taskgroups: 48",
        "test_timeouts: 34",
        "test_waitfor: 19",
        "test_tasks, gather: 21",
        "test_tasks, shield: 14",
        "test_tasks, wait: 14",
        "test_tasks, as_completed: 11",
        "test_exception_group: 50",
        "test_except_star: 59",
      ]
    `);
  });

  test("gives for each case a test or a reason, and not both", () => {
    expect(cases.filter((one) => (one.test === undefined) === (one.reason === ""))).toEqual([]);
  });

  test("counts right", () => {
    const tested = cases.filter((one) => one.test !== undefined).length;
    expect(page).toContain(
      `${cases.length} cases: ${tested} have a test here, ${cases.length - tested} have no counterpart`,
    );
  });

  test("names only tests that exist", () => {
    const named = cases.flatMap((one) => (one.test === undefined ? [] : [one.test]));
    expect(named.filter(([file, title]) => !titlesIn(file).includes(title))).toEqual([]);
  });

  test("names every test that was written for it", () => {
    const named = new Set(cases.map((one) => one.test?.join(" ")));
    const written = files.flatMap((file) =>
      titlesIn(file)
        .filter((title) => /^\d[\d.]*: /.test(title))
        .map((title) => `${file} ${title}`),
    );
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((title) => !named.has(title))).toEqual([]);
  });
});
