/** Serves the inspector page, to this machine and to the holder of the token. */

import { once } from "node:events";
import { createReadStream } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { Failure, messageOf } from "../failure.ts";
import { Gate, type Refusal } from "./gate.ts";
import { headersOf, readPage } from "./page-file.ts";
import { Parts } from "./parts.ts";
import type { FeedMessage, InspectorSource, FollowedSource, PageMessage } from "./source.ts";

export interface InspectorServer {
  /** With the token: whoever has it sees the program. */
  readonly url: string;
  /** Ends the feeds, the connections, and with them the page. */
  close(): Promise<void>;
}

/** While more than this waits for a page that does not keep up, it hears of no further snapshot: the next one says all. */
const muchBuffered = 2 ** 20;
/** The most that waits for it: beyond that it has to start anew. */
const mostBuffered = 64 * 2 ** 20;

/**
 * Serves the page on a port of 127.0.0.1, a free one if none is said. Each page that is open follows the
 * source by itself, so nothing is followed while none is.
 *
 * Rejects with {@link Failure} if the port is taken.
 */
export async function serveInspector(
  source: InspectorSource,
  { port = 0 }: { port?: number } = {},
): Promise<InspectorServer> {
  const html = await readPage();
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: unknown) => {
    throw new Failure(`The page cannot be served: ${messageOf(error)}.`);
  });
  const { port: actual } = server.address() as AddressInfo;
  const gate = new Gate(actual);
  const headers = headersOf(html, actual);
  answerPages(server, gate, { html, headers, source });
  const endFeeds = answerFeeds(server, gate, source);
  return {
    url: gate.url,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await endFeeds();
      await closed;
    },
  };
}

interface Page {
  readonly html: string;
  readonly headers: Record<string, string>;
  readonly source: InspectorSource;
}

function answerPages(server: Server, gate: Gate, { html, headers, source }: Page): void {
  server.on("request", (request, response) => {
    const wantsRecording = "recording" in source && gate.refuseRecording(request) === undefined;
    const refusal = wantsRecording ? undefined : gate.refusePage(request);
    if (refusal) {
      const { status, reason } = refusal;
      response.writeHead(status, { "content-type": "text/plain", "cache-control": "no-store" });
      response.end(`${reason}\n`);
    } else if (wantsRecording) sendFile(source.recording, response);
    else response.writeHead(200, headers).end(html);
  });
}

function sendFile(file: string, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  // If it is gone since, so is the connection.
  pipeline(createReadStream(file), response, () => {});
}

/** Returns what ends them all. */
function answerFeeds(server: Server, gate: Gate, source: InspectorSource): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  const ends = new Set<() => Promise<void>>();
  server.on("upgrade", (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    const refusal = gate.refuseFeed(request);
    if (refusal) refuse(connection, refusal);
    else sockets.handleUpgrade(request, connection, head, (socket) => feed(socket, source, ends));
  });
  return async () => {
    for (const socket of sockets.clients) socket.terminate();
    await Promise.all([...ends].map((end) => end()));
  };
}

function refuse(connection: Duplex, { status, reason }: Refusal): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  connection.end(`${head}\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${reason}\n`);
}

function feed(socket: WebSocket, source: InspectorSource, ends: Set<() => Promise<void>>): void {
  // What goes wrong on the way is followed by the end of the connection.
  socket.on("error", () => {});
  const recorded = "recording" in source;
  const title: PageMessage = { title: source.title, recorded };
  socket.send(JSON.stringify(title));
  if (recorded) return;
  const stop = source.follow(teller(socket));
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => (ended ??= stop().finally(() => ends.delete(end)));
  ends.add(end);
  socket.on("close", () => void end());
}

function teller(socket: WebSocket): Parameters<FollowedSource["follow"]>[0] {
  const parts = new Parts();
  return (message: FeedMessage) => {
    if ("snapshot" in message && socket.bufferedAmount > muchBuffered) return;
    if (socket.bufferedAmount > mostBuffered) socket.terminate();
    if (socket.readyState !== socket.OPEN) return;
    for (const part of parts.of(message)) socket.send(JSON.stringify(part));
  };
}
