/** How requests get to Restate. */

import type { Answer, Exchange } from "./exchange.ts";
import { overHttp1 } from "./http1.ts";
import { Http2Connections, NoHttp2 } from "./http2.ts";

/**
 * What the client of Restate uses in place of `fetch`: it waits for the outcome of a call for as long as that takes, where `fetch` gives
 * up after five minutes, and makes no web streams on the way.
 */
export async function send(
  to: string | URL | Request,
  { method = "GET", headers, body, signal }: RequestInit = {},
): Promise<Response> {
  const exchange = {
    url: new URL(to instanceof Request ? to.url : to),
    method,
    headers: headers as Record<string, string>,
    body: body as Uint8Array | undefined,
    signal: signal ?? undefined,
  };
  try {
    signal?.throwIfAborted();
    const { content, ...rest } = await serverAt(exchange.url.origin).exchange(exchange);
    return new Response(content.length > 0 ? (content as Uint8Array<ArrayBuffer>) : null, rest);
  } catch (error) {
    throw signal?.aborted ? (signal.reason as Error) : error;
  }
}

/** Of each server that was ever spoken to. */
const servers = new Map<string, Server>();

function serverAt(origin: string): Server {
  const known = servers.get(origin) ?? new Server(origin);
  servers.set(origin, known);
  return known;
}

/** Restate speaks HTTP/2; a proxy in front of it perhaps does not, and says so at the first connection. */
class Server {
  readonly #connections: Http2Connections;
  #speaksHttp2 = true;

  constructor(origin: string) {
    this.#connections = new Http2Connections(origin);
  }

  async exchange(exchange: Exchange): Promise<Answer> {
    if (!this.#speaksHttp2) return overHttp1(exchange);
    try {
      return await this.#connections.exchange(exchange);
    } catch (error) {
      if (!(error instanceof NoHttp2)) throw error;
      this.#speaksHttp2 = false;
      return overHttp1(exchange);
    }
  }
}
