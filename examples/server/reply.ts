/** A handler is a function from a request to a reply. */

import { currentSignal, formatException } from "joinery";
import type { IncomingMessage } from "node:http";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

export type Handler = (request: IncomingMessage) => Promise<Reply>;

export const stopping: Reply = { status: 503, body: "The server is stopping.\n" };

/** The reply to a request, whatever becomes of its handler. */
export async function replyTo(request: IncomingMessage, handle: Handler): Promise<Reply> {
  try {
    return await handle(request);
  } catch (error) {
    if (currentSignal().aborted) return stopping;
    console.error(formatException(error));
    return { status: 500, body: "Something went wrong.\n" };
  }
}
