import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { read, root, tableRows } from "../support/repository.ts";

const text = read("ARCHITECTURE.md").replaceAll(/^```.*?^```/gms, ""); // pictures

const packages = readdirSync(join(root, "packages"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => `packages/${entry.name}/src`);
const sources = ["src", ...packages, "packages/cli/page"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `/${folder}/${path}`),
);

/** What follows a heading of the second level. */
function section(title: string): string {
  const found = text.split(`\n## ${title}\n`)[1];
  if (found === undefined) throw new Error(`ARCHITECTURE.md has no section "${title}"`);
  return found.split("\n## ")[0]!;
}

/** The sources that are called `name`, with as much of their path as it says. */
function filesCalled(name: string): string[] {
  return sources.filter((path) => path.endsWith(`/${name}`));
}

function inCode(line: string): string[] {
  return [...line.matchAll(/`([^`]+)`/g)].map(([, words]) => words!);
}

describe("the invariants of ARCHITECTURE.md", () => {
  const blocks = section("Invariants").split("\n**`").slice(1);
  const invariants = blocks.flatMap((block) => {
    const [file] = block.split("`", 1);
    return [...block.matchAll(/^- (\w+\d)\. /gm)].map(([, number]) => ({
      file: file!,
      number: number!,
    }));
  });

  test.for(invariants)("$file keeps $number, and says so at its head", ({ file, number }) => {
    const files = filesCalled(file);
    expect(files).toHaveLength(1);
    expect(read(files[0]!).split("*/", 1)[0]).toContain(` * ${number}. `);
  });
});

test("the table of the rules names files that are there, and what is in them", () => {
  const unknown: string[] = [];
  for (const [, place] of tableRows("ARCHITECTURE.md", ["rule", "file"])) {
    let files: string[] = [];
    for (const words of inCode(place!)) {
      if (words.endsWith("/")) continue; // a folder, and then its files
      if (words.endsWith(".ts")) files = filesCalled(words);
      const isThere = words.endsWith(".ts")
        ? files.length > 0
        : files.some((file) => read(file).includes(words));
      if (!isThere) unknown.push(words);
    }
  }
  expect(unknown).toEqual([]);
});

test("the reading order names files that are there", () => {
  const named = inCode(section("Reading order")).filter((words) => words.endsWith(".ts"));
  expect(named.filter((name) => filesCalled(name).length === 0)).toEqual([]);
  expect(named.length).toBeGreaterThan(100);
});

test("every file of the core is somewhere in it", () => {
  const named = new Set(inCode(text).map((words) => words.split("/").at(-1)));
  const core = sources.filter((path) => /^\/src\/core\/[^/]+(?<!\.d)\.ts$/.test(path));
  expect(core.filter((path) => !named.has(path.split("/").at(-1)))).toEqual([]);
});
