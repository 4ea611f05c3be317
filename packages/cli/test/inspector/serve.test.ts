import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventRecord } from "joinery/observe";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { serveInspector } from "../../src/inspector/serve.ts";
import type { FeedMessage } from "../../src/inspector/source.ts";

const listeners = new Set<(message: FeedMessage) => void>();
const source = {
  title: "a program",
  follow(listener: (message: FeedMessage) => void) {
    listeners.add(listener);
    return async () => void listeners.delete(listener);
  },
};

const event: EventRecord = {
  type: "started",
  at: 0,
  scope: { id: 2, kind: "task", name: "main", parent: 1, host: 2 },
};

let server: Awaited<ReturnType<typeof serveInspector>>;
let url: URL;

beforeEach(async () => {
  server = await serveInspector(source);
  url = new URL(server.url);
});

afterEach(async () => {
  await server.close();
  expect(listeners.size, "followers that are left").toBe(0);
});

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

function ask({ path = url.pathname + url.search, method = "GET", headers = {} }: Asked = {}) {
  return new Promise<{ status: number; policy: string; body: string }>((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: url.port, path, method, headers });
    asked.once("error", reject);
    asked.once("response", (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      const policy = String(response.headers["content-security-policy"]);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, policy, body }));
    });
    asked.end();
  });
}

function open(search: string, headers: Record<string, string>): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${url.port}/feed${search}`, { headers });
}

/** The status of a refused feed. */
async function refusal(search: string, headers: Record<string, string>): Promise<number> {
  const socket = open(search, headers);
  socket.on("error", () => {});
  const [, response] = (await once(socket, "unexpected-response")) as [
    unknown,
    { statusCode: number },
  ];
  return response.statusCode;
}

describe("the page", () => {
  test("is there for the holder of the token, and may only use what it was built with", async () => {
    const { status, policy, body } = await ask();
    expect(status).toBe(200);
    expect(body).toContain("<title>joinery inspector</title>");
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-/);
    expect(policy).toContain(
      `connect-src ws://127.0.0.1:${url.port} http://127.0.0.1:${url.port};`,
    );
  });

  test.for([
    ["without a token", { path: "/" }, 403],
    ["with another token", { path: "/?token=guess" }, 403],
    ["by another name", { headers: { host: "rebound.example" } }, 403],
    ["by another port", { headers: { host: "127.0.0.1:1" } }, 403],
    ["for another page", { headers: { origin: "https://other.example" } }, 403],
    ["to change something", { method: "POST" }, 405],
    ["at another place", { path: "/other" }, 404],
  ] as const)("is refused %s", async ([, asked, status]) => {
    const answer = await ask(asked);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain("<");
  });

  test("has another token for each start", async () => {
    const other = await serveInspector(source);
    expect(new URL(other.url).search).not.toBe(url.search);
    await other.close();
  });
});

describe("a recording", () => {
  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), "joinery-served-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const recording = join(folder, "trace.json");
    writeFileSync(recording, '{"format":"joinery-trace"}');
    await server.close();
    server = await serveInspector({ title: "a file", recording });
    url = new URL(server.url);
  });

  test("is there for the holder of the token, and for nobody else", async () => {
    const { status, body } = await ask({ path: `/recording${url.search}` });
    expect([status, body]).toEqual([200, '{"format":"joinery-trace"}']);
    expect((await ask({ path: "/recording" })).status).toBe(404);
    expect((await ask({ path: "/recording?token=guess" })).status).toBe(404);
    expect((await ask()).body).toContain("<title>joinery inspector</title>");
  });

  test("is announced by the feed, which tells nothing else", async () => {
    const socket = open(url.search, { origin: url.origin });
    const [data] = (await once(socket, "message")) as [Buffer];
    expect(JSON.parse(data.toString())).toEqual({ title: "a file", recorded: true });
    socket.close();
    await once(socket, "close");
  });
});

describe("the feed", () => {
  test("tells the title, then what the source tells", async () => {
    const socket = open(url.search, { origin: url.origin });
    const heard: unknown[] = [];
    socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString())));
    await once(socket, "message");
    for (const tell of listeners) tell({ events: [event] });
    await once(socket, "message");
    expect(heard).toEqual([{ title: "a program", recorded: false }, { events: [event] }]);
    socket.close();
    await once(socket, "close");
  });

  test("follows nothing before a page is open, nor after it is closed", async () => {
    expect(listeners.size).toBe(0);
    const socket = open(url.search, { origin: url.origin });
    await once(socket, "message");
    expect(listeners.size).toBe(1);
    await server.close();
    expect(listeners.size).toBe(0);
    server = await serveInspector(source);
  });

  test("is refused without a token, by another name, and for another page", async () => {
    const { origin, search } = url;
    expect(await refusal("", { origin })).toBe(403);
    expect(await refusal("?token=guess", { origin })).toBe(403);
    expect(await refusal(search, { origin: "https://other.example" })).toBe(403);
    expect(await refusal(search, { origin, host: "rebound.example" })).toBe(403);
    expect(await refusal(search, {})).toBe(403);
  });
});
