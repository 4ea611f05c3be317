import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Program } from "../../test/core/fixtures/program.ts";
import { play, start } from "./program.ts";

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly connection: string | undefined;
}

class Client {
  readonly port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(port: number) {
    this.port = port;
    onTestFinished(() => this.#agent.destroy());
  }

  /** On the one connection that this client has. */
  async ask(path: string): Promise<Answer> {
    const request = get({ port: this.port, path, agent: this.#agent });
    const [response] = await once(request, "response");
    const { statusCode: status, headers } = response;
    return { status, body: await text(response), connection: headers.connection };
  }
}

async function startServer(...args: string[]): Promise<[server: Program, port: number]> {
  const server = start("server/main.js", "--port", "0", ...args);
  const line = await server.printed(/^Listening/);
  return [server, Number(/:(\d+)/.exec(line)?.[1])];
}

/** A connection on which the test says what is sent. */
async function rawConnection(port: number): Promise<Socket> {
  const socket = connect(port);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Resolves when nobody listens on the port any more. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port);
    try {
      await once(socket, "connect");
    } catch {
      return;
    } finally {
      socket.destroy();
    }
  }
}

const done = { status: 200, body: "Done.\n" };

describe("the server", () => {
  test("answers on connections that stay open, and ends with 0 after SIGTERM", async () => {
    const [server, port] = await startServer();
    const client = new Client(port);
    for (let i = 0; i < 3; i++)
      expect(await client.ask("/work?ms=1")).toEqual({ ...done, connection: "keep-alive" });
    expect(await client.ask("/")).toMatchObject({ status: 404 });
    server.kill("SIGTERM");
    expect(await server.ended).toMatchObject({
      code: 0,
      lines: [
        expect.stringContaining("Listening"),
        "Stopped. 4 requests: 4 answered (0 cut short), 0 abandoned by the client, 0 lost.",
      ],
      stderr: "",
    });
  });

  test("says in one line that somebody else listens there, and ends with 1", async () => {
    const [server, port] = await startServer();
    expect(await play("server/main.js", "--port", String(port))).toMatchObject({
      code: 1,
      lines: [`listen EADDRINUSE: address already in use 127.0.0.1:${port}`],
      stderr: "",
    });
    server.kill("SIGTERM");
    await server.ended;
  });

  test("goes on after a bug in a handler, which it shows", async () => {
    const [server, port] = await startServer();
    const client = new Client(port);
    expect(await client.ask("/crash")).toMatchObject({ status: 500 });
    expect(await client.ask("/work?ms=1")).toMatchObject(done);
    server.kill("SIGINT");
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Error: a bug in the handler\n +at handle /);
  });

  test("first takes nothing new and lets the requests go on; then cancels what still runs, and says so", async () => {
    const [server, port] = await startServer("--drain", "4000", "--linger", "2000");
    const [quick, slow, idle] = [new Client(port), new Client(port), new Client(port)];
    for (const client of [quick, slow, idle]) await client.ask("/work?ms=0");
    const answers = [quick.ask("/work?ms=2500"), slow.ask("/work?ms=60000")];
    await idle.ask("/work?ms=0"); // the others have begun before it

    server.kill("SIGTERM");
    await refused(port);
    expect(await idle.ask("/work?ms=0")).toEqual({ ...done, connection: "close" });
    expect(await Promise.all(answers)).toEqual([
      { ...done, connection: "close" },
      { status: 503, body: "The server is stopping.\n", connection: "close" },
    ]);
    const { code, lines, stderr } = await server.ended;
    expect(lines.at(-1)).toBe(
      "Stopped. 7 requests: 7 answered (1 cut short), 0 abandoned by the client, 0 lost.",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("does not wait for connections without a request", async () => {
    const [server, port] = await startServer("--drain", "3600000");
    const socket = await rawConnection(port);
    await new Client(port).ask("/work?ms=0");
    server.kill("SIGTERM");
    await once(socket.resume(), "end");
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  test("cancels the work for a client that has gone", async () => {
    const [server, port] = await startServer("--drain", "3600000");
    const socket = await rawConnection(port);
    socket.write("GET /work?ms=3600000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const client = new Client(port);
    await client.ask("/work?ms=0");
    socket.destroy();
    await client.ask("/work?ms=0");
    server.kill("SIGTERM");
    const { code, lines } = await server.ended;
    expect(lines.at(-1)).toBe(
      "Stopped. 3 requests: 2 answered (0 cut short), 1 abandoned by the client, 0 lost.",
    );
    expect(code).toBe(0);
  });

  test("answers requests that were sent in one go, in their order, and the last one says that it is the last", async () => {
    const [server, port] = await startServer("--drain", "3000");
    const socket = await rawConnection(port);
    socket.write(
      ["60000", "1500"]
        .map((ms) => `GET /work?ms=${ms} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
        .join(""),
    );
    await new Client(port).ask("/work?ms=0");
    server.kill("SIGTERM");
    const received = await text(socket);
    expect(received.match(/^HTTP.*|^Connection: .*/gim)).toEqual([
      "HTTP/1.1 503 Service Unavailable",
      "Connection: keep-alive",
      "HTTP/1.1 200 OK",
      "connection: close",
    ]);
    const { lines } = await server.ended;
    expect(lines.at(-1)).toMatch(
      /^Stopped\. 3 requests: 3 answered \(1 cut short\), 0 .*, 0 lost\.$/,
    );
  });

  test("ends at once at the second signal", async () => {
    const [server, port] = await startServer("--drain", "3600000");
    const lost = new Client(port).ask("/work?ms=3600000").catch(({ code }) => code);
    await new Client(port).ask("/work?ms=0");
    server.kill("SIGTERM");
    await refused(port);
    server.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 143 });
    expect(await lost).toBe("ECONNRESET");
  });

  test("loses no request when it is stopped under load", async () => {
    const { code, lines, stderr } = await play("server/load.js", "--connections", "20");
    const [, accepted, cut] =
      /(\d+) requests: \1 answered \((\d+) cut short\), 0 .*, 0 lost\.$/.exec(lines[1]!) ?? [];
    expect(Number(cut)).toBeGreaterThanOrEqual(5); // those that take longer than they are given
    expect(lines.slice(2)).toEqual([`The clients: ${accepted} replies.`, "No request was lost."]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
