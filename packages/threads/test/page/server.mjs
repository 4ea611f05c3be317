// Serves the packages to a page, module by module, as they were built.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const served = /^\/(?:dist|packages\/threads\/(?:dist|test\/page))\/[\w/-]+\.m?js$/;

const tests = "/packages/threads/test/page/in-page.mjs";
const html = `<!doctype html><title>threads</title>
<script type="module">import * as tests from "${tests}"; globalThis.tests = tests;</script>`;

/** What makes a page cross-origin isolated, and gives it shared memory. */
const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Starts a server with a page at `url` and a journal: lines that workers write, and the page reads. */
export async function servePages({ isolated }) {
  let journal = [];
  const server = createServer((request, response) => {
    const send = (type, body) => response.setHeader("content-type", type).end(body);
    if (isolated)
      for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
    if (request.url === "/") send("text/html", html);
    else if (request.url === "/journal" && request.method === "POST")
      request.on("data", (line) => journal.push(String(line))).on("end", () => response.end());
    else if (request.url === "/journal") send("application/json", JSON.stringify(journal));
    else if (served.test(request.url) && existsSync(join(root, request.url)))
      send("text/javascript", withPaths(readFileSync(join(root, request.url), "utf8")));
    else response.writeHead(404).end();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    forget: () => (journal = []),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Workers have no import maps: names become paths here. */
function withPaths(source) {
  return source
    .replaceAll(/(?<=from )"joinery(\/\w+)?"/g, (_, layer = "/core") => `"/dist${layer}/index.js"`)
    .replaceAll('"@joinery/threads/web"', '"/packages/threads/dist/web.js"');
}
