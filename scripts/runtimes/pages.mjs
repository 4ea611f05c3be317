import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { launchChromium } from "../chromium.mjs";

const root = join(import.meta.dirname, "..", "..");
const suites = "test/runtimes/browser";
const longest = 5 * 60_000;

const layers = { joinery: "/dist/core/index.js", "joinery/testing": "/dist/testing/index.js" };
const imports = JSON.stringify({ imports: layers });
const html = `<!doctype html><script type="importmap">${imports}</script><script type="module" src="/tests.js"></script>`;

/** The files of the ordinary suite that ask neither for an ambient scope nor for anything of Node's. */
const portable = [
  "bad-input",
  "bad-input-messages",
  "except-star",
  "exception-group",
  "format-exception",
].map((name) => `test/core/${name}.test.ts`);

/** Runs each test file in a page of its own, which loads the package module by module, as it was built. */
export async function testInPages(tools) {
  const browser = await launchChromium(tools);
  try {
    const report = { version: browser.version(), passed: 0, failed: [], skipped: [] };
    for (const file of [...ownSuites(), ...portable]) {
      const { passed, failed, skipped } = await testInPage(browser, file);
      report.passed += passed;
      report.failed.push(...failed);
      report.skipped.push(...skipped);
    }
    return report;
  } finally {
    await browser.close();
  }
}

function ownSuites() {
  const names = readdirSync(join(root, suites)).filter((name) => name.endsWith(".suite.ts"));
  return names.map((name) => `${suites}/${name}`);
}

async function testInPage(browser, file) {
  const context = await browser.newContext();
  const server = createServer(answers(await bundle(file)));
  try {
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const page = await context.newPage();
    const broken = new Promise((_, reject) => page.once("pageerror", reject));
    broken.catch(() => {}); // may come before it is waited for
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const report = page.waitForFunction("globalThis.report", undefined, { timeout: longest });
    return await (await Promise.race([report, broken])).jsonValue();
  } catch ({ message }) {
    return { passed: 0, failed: [{ test: file, message }], skipped: [] };
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
}

/** The page, its tests, the modules of the package; and two answers that never end, for tests that abort. */
function answers(tests) {
  return ({ url }, response) => {
    const send = (type, body) => response.setHeader("content-type", type).end(body);
    if (url === "/") send("text/html", html);
    else if (url === "/tests.js") send("text/javascript", tests);
    else if (/^\/dist\/[\w/-]+\.js$/.test(url))
      send("text/javascript", readFileSync(join(root, url)));
    else if (url === "/endless") response.write("part");
    else if (url !== "/silent") response.writeHead(404).end();
  };
}

/** A test file with what it imports, except for the package. */
async function bundle(file) {
  const contents = `
    import { runInPage } from "./${suites}/page.ts";
    globalThis.report = await runInPage("${file}", () => import("./${file}"));`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["joinery"],
    alias: { vitest: join(root, suites, "vitest.ts") },
    logLevel: "error",
  });
  return outputFiles[0].text;
}
