import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { root, tableRows } from "../support/repository.ts";

/** What a bundle with this line costs its users: minified, `gzip -9`, in bytes. */
async function cost(line: string): Promise<number> {
  const result = await build({
    stdin: { contents: line, resolveDir: root },
    conditions: ["joinery-source"],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2022",
  });
  const [bundle] = result.outputFiles;
  return gzipSync(bundle!.contents, { level: 9 }).length;
}

const rows = tableRows("docs/size.md", ["import", "at most"]);

test.for(rows)("%s costs at most %s bytes", async ([line, limit]) => {
  const bytes = await cost(line!.replaceAll("`", ""));
  console.info(`${bytes} of ${limit} bytes: ${line}`);

  expect(bytes).toBeLessThanOrEqual(Number(limit));
  expect(bytes, "the page promises too little").toBeGreaterThan(Number(limit) * 0.95);
});
