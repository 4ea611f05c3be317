import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CodeBlock, codeBlocks, expectation, inOrder } from "../support/code-blocks.ts";
import { read, root } from "../support/repository.ts";

/** Long enough for a slow machine: a block that needs it hangs. */
const patience = 20_000;

const pages = ["README.md", ...filesUnder("docs", ".md"), ...filesUnder("src", ".ts")];
const blocks = pages.flatMap((page) => codeBlocks(page, read(page)));
const complete = blocks.filter((block) => block.complete);

function filesUnder(folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(ending)).map((file) => `${folder}/${file}`);
}

/** The name under which a block is compiled: `README.md:12` becomes `README.md-12`. */
function moduleName({ place }: CodeBlock): string {
  return place.replaceAll("/", "-").replace(":", "-");
}

// Inside the repository, so that "joinery" is the package that was built here.
let folder: string;
let diagnostics: string;

beforeAll(async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  folder = await mkdtemp(join(root, ".cache", "examples-"));
  diagnostics = await compile();
}, patience);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function compile(): Promise<string> {
  const files = complete.map((block) => ({ name: `${moduleName(block)}.ts`, code: block.code }));
  await Promise.all(files.map(({ name, code }) => writeFile(join(folder, name), code)));
  const project = {
    extends: "../../examples/tour/tsconfig.json",
    compilerOptions: { outDir: ".", sourceMap: false, skipLibCheck: true },
    files: files.map(({ name }) => name),
    references: [],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(project));

  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  return output(tsc, "-p", folder).catch((error: { stdout: string }) => error.stdout);
}

async function output(program: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, env: { PATH: process.env["PATH"] }, timeout: patience };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], options);
  return stdout;
}

test("every example compiles", () => {
  expect(diagnostics).toBe("");
});

test("the blocks that are not executed are known", () => {
  const count = {
    "no-run": complete.filter((block) => !block.runs).length,
    "without an import of joinery": blocks.length - complete.length,
  };
  expect(count).toMatchInlineSnapshot(`
    {
      "no-run": 0,
      "without an import of joinery": 0,
    }
  `);
});

describe.concurrent("every example prints what it says", () => {
  test.for(complete.filter((block) => block.runs))(
    "$place",
    { timeout: patience },
    async (block) => {
      const stdout = await output(join(folder, `${moduleName(block)}.js`));
      const printed = stdout.split("\n").slice(0, -1);
      const { lines, exact } = expectation(block.code);

      expect(exact ? printed : inOrder(printed, lines), stdout).toEqual(lines);
    },
  );
});
