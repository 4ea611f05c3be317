/** How requests get to Restate, whatever stands in front of it. */

import { once } from "node:events";
import { createServer as createHttp1, type Server as Http1Server } from "node:http";
import {
  constants,
  createServer as createHttp2,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { send } from "../src/transport.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listen(server: Server | Http1Server | Http2Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that holds every request until it is told what to do with it. */
async function holding(maxConcurrentStreams?: number) {
  const server = createHttp2(
    maxConcurrentStreams === undefined ? {} : { settings: { maxConcurrentStreams } },
  );
  const sessions = new Set<ServerHttp2Session>();
  const streams: ServerHttp2Stream[] = [];
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    streams.push(stream);
  });
  cleanups.push(() => sessions.forEach((session) => session.destroy()));
  const hasArrived = async (count: number): Promise<void> => {
    while (streams.length < count) await once(server, "stream");
  };
  return { url: await listen(server), sessions, streams, hasArrived };
}

function answer(stream: ServerHttp2Stream, content = "here"): void {
  stream.respond({ ":status": 200, "x-of": "the server" });
  stream.end(content);
}

test("a request gets there as it is, and the answer back", async () => {
  const server = createHttp2();
  server.on("request", async (request, response) => {
    const { method, url, headers } = request;
    const seen = { method, url, type: headers["content-type"], body: await text(request) };
    response.writeHead(201, { "x-of": "the server" });
    response.end(JSON.stringify(seen));
  });
  const url = await listen(server);
  const response = await send(`${url}/a/b?c=d`, {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: new TextEncoder().encode("hello"),
  });
  expect(response.status).toBe(201);
  expect(response.headers.get("x-of")).toBe("the server");
  const seen = { method: "POST", url: "/a/b?c=d", type: "text/plain", body: "hello" };
  expect(await response.json()).toEqual(seen);
});

test("calls that take long share connections, and none waits for another (Z2)", async () => {
  const { url, sessions, streams, hasArrived } = await holding();
  const requests = Array.from({ length: 250 }, () => send(url));
  await hasArrived(250);
  expect(sessions.size).toBe(3);
  streams.forEach((stream) => answer(stream));
  const responses = await Promise.all(requests);
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
});

test("a server that allows fewer gets no more (Z2)", async () => {
  const { url, sessions, streams, hasArrived } = await holding(2);
  const requests = Array.from({ length: 5 }, () => send(url));
  await hasArrived(5);
  expect(sessions.size).toBe(3);
  streams.forEach((stream) => answer(stream));
  await Promise.all(requests);
  const again = send(url);
  await hasArrived(6);
  expect(sessions.size).toBe(3);
  answer(streams[5]!);
  await again;
});

test("one that is given up rejects with the reason, and its connection gets no more requests (Z3)", async () => {
  const { url, sessions, streams, hasArrived } = await holding();
  const stays = send(url);
  const controller = new AbortController();
  const reason = new Error("too long");
  const givenUp = send(url, { signal: controller.signal });
  await hasArrived(2);
  controller.abort(reason);
  await expect(givenUp).rejects.toBe(reason);
  await once(streams[1]!, "close");
  expect(streams[1]!.rstCode).toBe(constants.NGHTTP2_CANCEL);
  const [first] = sessions;
  const next = send(url);
  await hasArrived(3);
  expect(streams[2]!.session).not.toBe(first);
  answer(streams[0]!, "stayed");
  answer(streams[2]!);
  expect(await (await stays).text()).toBe("stayed");
  await next;
});

test("one that is given up before there is a connection rejects, and the next one opens another (Z3)", async () => {
  const sockets: Socket[] = [];
  const silent = createTcp((socket) => sockets.push(socket.on("error", () => {})));
  cleanups.push(() => sockets.forEach((socket) => socket.destroy()));
  const url = await listen(silent);
  const reasons = [new Error("first"), new Error("second")];
  for (const reason of reasons) {
    const controller = new AbortController();
    const request = send(url, { signal: controller.signal });
    await once(silent, "connection");
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
  }
  expect(sockets).toHaveLength(2);
  const controller = new AbortController();
  controller.abort(reasons[0]);
  await expect(send(url, { signal: controller.signal })).rejects.toBe(reasons[0]);
  expect(sockets).toHaveLength(2);
});

test.each([
  ["is refused", (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
  ["is cancelled there", (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_CANCEL)],
  [
    "loses its connection in the middle of the answer",
    (stream: ServerHttp2Stream) => {
      stream.respond({ ":status": 200 });
      stream.write("half", () => stream.session!.destroy());
    },
  ],
])("a request that %s rejects, and the next one gets its answer", async (_, end) => {
  const { url, streams, hasArrived } = await holding();
  const request = send(url);
  await hasArrived(1);
  end(streams[0]!);
  await expect(request).rejects.toThrow(Error);
  const next = send(url);
  await hasArrived(2);
  answer(streams[1]!);
  expect(await (await next).text()).toBe("here");
});

test("a server that goes away finishes what it has, and gets nothing new", async () => {
  const { url, streams, sessions, hasArrived } = await holding();
  const first = send(url);
  await hasArrived(1);
  const [session] = sessions;
  session!.goaway();
  await new Promise<void>((heard) => session!.ping(() => heard())); // it has read what came before
  const second = send(url);
  await hasArrived(2);
  expect(streams[1]!.session).not.toBe(session);
  answer(streams[0]!, "first");
  answer(streams[1]!, "second");
  expect(await (await first).text()).toBe("first");
  expect(await (await second).text()).toBe("second");
});

test("where nobody listens the error of the system comes", async () => {
  await expect(send("http://127.0.0.1:1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("what speaks nothing but HTTP/1.1 is asked for more only once (Z1)", async () => {
  let connections = 0;
  const seen: string[] = [];
  const server = createHttp1((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader("x-of", "the proxy").writeHead(202).end("one");
  });
  server.on("connection", () => connections++);
  const url = await listen(server);
  for (const path of ["/a", "/b"]) {
    const response = await send(url + path, { method: "POST", body: new Uint8Array([1]) });
    expect(response.status).toBe(202);
    expect(response.headers.get("x-of")).toBe("the proxy");
    expect(await response.text()).toBe("one");
  }
  expect(seen).toEqual(["POST /a", "POST /b"]);
  expect(connections).toBe(2); // one was for HTTP/2
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  await expect(send(url, { signal: controller.signal })).rejects.toThrow("enough");
});

test("an answer without content has no body", async () => {
  const { url, streams, hasArrived } = await holding();
  const request = send(url);
  await hasArrived(1);
  streams[0]!.respond({ ":status": 204 }, { endStream: true });
  const response = await request;
  expect([response.status, response.body]).toEqual([204, null]);
});
