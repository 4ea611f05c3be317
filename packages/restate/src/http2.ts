/**
 * Requests over HTTP/2: many share a connection.
 *
 * Z1. Nothing is sent before the other side has said that it speaks HTTP/2: where it does not, nothing has happened.
 * Z2. No request waits on a connection for another one to be over, which may take as long as a call: one more connection is opened.
 * Z3. A connection on which a request was given up gets no more: it may only seem to be there.
 * Z4. A connection keeps the process alive while there are requests, and is closed when there were none for a while.
 */

import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from "node:http2";
import tcp, { isIP, type Socket } from "node:net";
import tls from "node:tls";
import type { Answer, Exchange } from "./exchange.ts";

/** As many as servers usually allow. */
const mostRequests = 100;

/** Milliseconds. */
const idleTime = 10_000;

/** Milliseconds of silence after which the system looks whether the other side is still there. */
const silence = 1000;

/** A connection was made, and ended before a word of HTTP/2 came. */
export class NoHttp2 extends Error {
  constructor(origin: string) {
    super(`${origin} does not speak HTTP/2`);
  }
}

/** The connections with one server. */
export class Http2Connections {
  readonly #origin: string;
  readonly #connections = new Set<Connection>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  async exchange(exchange: Exchange): Promise<Answer> {
    for (;;) {
      const connection = this.#connection();
      const answer = await connection.use(exchange);
      if (answer) return answer;
    }
  }

  /** One with room for a request, or one that is about to have some. */
  #connection(): Connection {
    const connections = [...this.#connections];
    return (
      connections.find((connection) => connection.hasRoom) ??
      connections.find((connection) => connection.isOpening) ??
      this.#open()
    );
  }

  #open(): Connection {
    const connection = new Connection(this.#origin, () => this.#connections.delete(connection));
    this.#connections.add(connection);
    return connection;
  }
}

class Connection {
  readonly #session: ClientHttp2Session;
  readonly #opened: Promise<void>;
  /** How many requests it may have; none until that is known. */
  #most = 0;
  #requests = 0;
  /** Those that wait until it is open, as well. */
  #users = 0;
  #isGivenUp = false;

  constructor(origin: string, over: () => void) {
    this.#session = connect(origin, { createConnection: dial });
    this.#opened = this.#open(origin, over);
    this.#opened.catch(() => {}); // whoever waits for it is told
    this.#session.setTimeout(idleTime, () => this.#users === 0 && this.#session.destroy());
  }

  get isOpening(): boolean {
    return this.#most === 0 && !this.#isGivenUp;
  }

  get hasRoom(): boolean {
    const { closed, destroyed } = this.#session;
    return this.#requests < this.#most && !this.#isGivenUp && !closed && !destroyed;
  }

  /** Makes a request, unless there is no room for it when the connection is open. */
  async use(exchange: Exchange): Promise<Answer | undefined> {
    const { signal } = exchange;
    if (this.#users++ === 0) this.#session.ref();
    try {
      if (this.isOpening) await orAborted(this.#opened, signal);
      return this.hasRoom ? await this.#request(exchange) : undefined;
    } finally {
      if (signal?.aborted) this.#isGivenUp = true; // Z3
      if (--this.#users === 0) this.#rest();
    }
  }

  #open(origin: string, over: () => void): Promise<void> {
    const session = this.#session;
    let isMade = false;
    let failure = new Error(`The connection with ${origin} was closed`);
    session.on("error", (error: Error) => (failure = error));
    session.once("connect", () => (isMade = true));
    return new Promise((opened, failed) => {
      session.on("remoteSettings", ({ maxConcurrentStreams = mostRequests }) => {
        this.#most = Math.max(1, Math.min(maxConcurrentStreams, mostRequests));
        opened();
      });
      session.once("close", () => {
        over();
        failed(isMade ? new NoHttp2(origin) : failure);
      });
    });
  }

  async #request({ url, method, headers, body, signal }: Exchange): Promise<Answer> {
    const head = { ...headers, ":method": method, ":path": url.pathname + url.search };
    this.#requests++;
    try {
      const stream = this.#session.request(head, signal ? { signal } : {});
      stream.end(body);
      return await answerOn(stream);
    } finally {
      this.#requests--;
    }
  }

  #rest(): void {
    if (this.#isGivenUp) this.#session.destroy();
    else this.#session.unref(); // Z4
  }
}

/** A server that speaks nothing but HTTP/1.1 is to say so (Z1): over TLS it would refuse to speak at all. */
function dial({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[|\]$/g, "");
  const alive = { keepAlive: true, keepAliveInitialDelay: silence };
  if (protocol === "http:") return tcp.connect({ host, port: Number(port || 80), ...alive });
  return tls.connect({
    host,
    port: Number(port || 443),
    ALPNProtocols: ["h2", "http/1.1"],
    ...(isIP(host) === 0 && { servername: host }),
    ...alive,
  });
}

/** What comes back, when all of it is there. */
function answerOn(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let head: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
    stream.once("response", (headers) => (head = headers));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.once("error", reject);
    stream.once("close", () => {
      const { ":status": status } = head;
      if (status === undefined || stream.rstCode !== constants.NGHTTP2_NO_ERROR)
        return reject(new Error("The connection ended before the answer was there"));
      const headers = Object.entries(head).filter(([name]) => !name.startsWith(":"));
      resolve({
        status,
        headers: Object.fromEntries(headers) as Record<string, string>,
        content: Buffer.concat(chunks),
      });
    });
  });
}

async function orAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise;
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
