import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { root } from "../support/repository.ts";

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

test.for([
  { line: 'export { taskGroup, sleep, timeout } from "joinery"', limit: 5 * 1024 },
  { line: 'export * from "joinery"', limit: 10 * 1024 },
])("$line costs at most $limit bytes", async ({ line, limit }) => {
  const bytes = await cost(line);
  console.info(`${bytes} of ${limit} bytes: ${line}`);

  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(limit);
});
