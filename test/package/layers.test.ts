import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, basename } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { read, root, tableRows } from "../support/repository.ts";

interface Project {
  references: { path: string }[];
}

const folders = readdirSync(join(root, "src"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .toSorted();

/** The folders that a tsconfig project references, by name. */
function references(project: string): string[] {
  const { references: list } = JSON.parse(read(project)) as Project;
  return list.map(({ path }) => basename(path)).toSorted();
}

/** `nothing`, `all layers` or `core (its events only), sync` as a list of layers. */
function parseMayUse(cell: string, layer: string): string[] {
  if (cell === "nothing") return [];
  if (cell === "all layers") return folders.filter((folder) => folder !== layer);
  const names = cell.replaceAll(/\(.*?\)/g, "").split(",");
  return names.map((name) => name.replaceAll("`", "").trim()).toSorted();
}

describe("the layer table of ARCHITECTURE.md", () => {
  const rows = tableRows("ARCHITECTURE.md", ["layer", "entry point", "may use"]);

  test("names every folder of src", () => {
    expect(new Set(rows.map(([layer]) => layer))).toEqual(new Set(folders));
    expect(references("src/tsconfig.json")).toEqual(folders);
  });

  test.for(rows)("says of %s what its tsconfig project references", ([layer, , mayUse]) => {
    expect(references(`src/${layer}/tsconfig.json`)).toEqual(parseMayUse(mayUse!, layer!));
  });

  test.for(rows)("names the entry point of %s", ([layer, name]) => {
    const entry = name!.replace(manifest.name, ".") as keyof typeof manifest.exports;
    expect(manifest.exports[entry]).toEqual({
      "joinery-source": `./src/${layer}/index.ts`,
      types: `./dist/${layer}/index.d.ts`,
      default: `./dist/${layer}/index.js`,
    });
  });
});

test("an import of a layer that is not referenced fails the build", async () => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const copy = mkdtempSync(join(root, ".cache", "layers-"));
  try {
    for (const file of ["tsconfig.base.json", "src/core/tsconfig.json"]) {
      cpSync(join(root, file), join(copy, file));
    }
    mkdirSync(join(copy, "src", "other"));
    writeFileSync(join(copy, "src", "other", "index.ts"), "export const other: number = 1;\n");
    writeFileSync(
      join(copy, "src", "core", "index.ts"),
      'export { other } from "../other/index.ts";\n',
    );

    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const build = promisify(execFile)(process.execPath, [tsc, "-b", "src/core"], { cwd: copy });
    await expect(build).rejects.toMatchObject({ stdout: expect.stringContaining("TS6307") });
    expect(existsSync(join(copy, "dist", "other"))).toBe(false);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
