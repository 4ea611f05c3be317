/** The page as it was built, with the headers that keep it to itself. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

// From `dist/inspector` as well as from `src/inspector`.
const file = new URL("../../dist/inspector/page.html", import.meta.url);

export function readPage(): Promise<string> {
  return readFile(file, "utf8");
}

export function headersOf(html: string, port: number): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy(html, port),
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

/** Its own script, its own style, its own server. */
function policy(html: string, port: number): string {
  return [
    "default-src 'none'",
    `script-src ${hashes(html, /<script[^>]*>([^]*?)<\/script>/g)}`,
    `style-src ${hashes(html, /<style[^>]*>([^]*?)<\/style>/g)}`,
    `connect-src ws://127.0.0.1:${port} http://127.0.0.1:${port}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What is inline, by what it is: nothing that gets into the page later is executed. */
function hashes(html: string, element: RegExp): string {
  const contents = [...html.matchAll(element)].map(([, content = ""]) => content);
  return contents
    .map((content) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`)
    .join(" ");
}
