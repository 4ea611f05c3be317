import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { buffer } from "node:stream/consumers";
import type { Answer, Exchange } from "./exchange.ts";

/** By HTTP/1.1: a connection for each request that has no answer yet. */
export async function overHttp1({ url, body, signal, ...rest }: Exchange): Promise<Answer> {
  const { request } = url.protocol === "https:" ? https : http;
  const options = { ...rest, ...(signal && { signal }) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, options, resolve).on("error", reject).end(body);
  });
  const content = await buffer(answer);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers as Record<string, string>,
    content,
  };
}
