import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync, type Format } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../support/repository.ts";

const contents = `
  import { moveOnAfter, sleep } from "joinery";
  moveOnAfter(1, () => sleep(60_000)).then(({ expired }) => console.log("expired:", expired));`;

test.each<[Format, string]>([
  ["esm", "mjs"],
  ["cjs", "cjs"],
  ["iife", "cjs"],
])("7: bundled as %s it is loaded, and works", (format, extension) => {
  const folder = mkdtempSync(join(tmpdir(), "joinery-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, `program.${extension}`);
  const stdin = { contents, resolveDir: root };
  buildSync({ stdin, outfile, format, bundle: true, platform: "neutral", logLevel: "error" });
  expect(execFileSync(process.execPath, [outfile], { encoding: "utf8" })).toBe("expired: true\n");
});
