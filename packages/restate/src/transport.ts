/** How requests get to Restate. */

import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { buffer } from "node:stream/consumers";

/**
 * What the client of Restate uses in place of `fetch`: it waits for the outcome of a call for as long as that takes, where `fetch` gives
 * up after five minutes, and makes no web streams on the way.
 */
export async function send(
  to: string | URL | Request,
  { method = "GET", headers, body, signal }: RequestInit = {},
): Promise<Response> {
  const url = to instanceof Request ? to.url : to;
  const { request } = String(url).startsWith("https:") ? https : http;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      method,
      headers: headers as Record<string, string>,
      ...(signal && { signal }),
    };
    request(url, options, resolve)
      .on("error", (error) => reject(signal?.aborted ? (signal.reason as Error) : error))
      .end(body as Uint8Array | undefined);
  });
  const content = await buffer(answer);
  return new Response(content.length > 0 ? content : null, {
    status: answer.statusCode ?? 0,
    headers: answer.headers as Record<string, string>,
  });
}
