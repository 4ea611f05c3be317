/** A connection: a task, with a group for the requests that come on it. */

import { moveOnAfter, taskGroup } from "joinery";
import { Event, Queue } from "joinery/sync";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Handler, type Reply, replyTo, stopping } from "./reply.ts";
import type { Tally } from "./tally.ts";

export interface ConnectionOptions {
  readonly handle: Handler;
  /** Aborts when the server is to stop. */
  readonly stop: AbortSignal;
  readonly tally: Tally;
}

/** Milliseconds for the last reply to leave. */
const farewell = 1000;

export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #requests = new Queue<readonly [IncomingMessage, ServerResponse]>();
  /** The replies that have not left. */
  readonly #owed = new Set<ServerResponse>();
  #latest: ServerResponse | undefined;
  /** Whether the client knows, or is about to know, that nothing more is read. */
  #ending = false;
  readonly #closed = new Event();

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.once("close", () => {
      this.#requests.shutdown();
      this.#closed.set();
    });
  }

  /** Accepts a request; unless the one before was the last, then HTTP wants it to be ignored. */
  take(request: IncomingMessage, response: ServerResponse): void {
    if (this.#ending) return;
    this.#options.tally.accept(response);
    this.#owed.add(response);
    this.#latest = response;
    response.once("close", () => {
      this.#owed.delete(response);
      if (this.#ending) this.endIfIdle();
    });
    this.#requests.tryPut([request, response]);
  }

  /** Answers requests until the connection is closed. Who is still at work then works for nobody, and is cancelled. */
  async serve(): Promise<void> {
    await taskGroup(
      async (group) => {
        group.defer(() => this.#end());
        for await (const [request, response] of this.#requests) {
          const name = `${request.method} ${request.url}`;
          group.createTask(() => this.#answer(request, response), { name });
        }
        group.cancel("the client has gone");
      },
      { cancellable: true },
    );
  }

  /** Closes it if no reply is owed. */
  endIfIdle(): void {
    if (this.#owed.size > 0) return;
    this.#ending = true;
    this.#socket.destroySoon();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#send(response, await replyTo(request, this.#options.handle));
  }

  #send(response: ServerResponse, { status, body }: Reply): void {
    if (response.destroyed) return;
    // Replies leave in the order of their requests: only the one to the latest may say that it is the last.
    if (this.#options.stop.aborted && response === this.#latest) {
      this.#ending = true;
      response.setHeader("connection", "close");
    }
    response.writeHead(status, { "content-type": "text/plain" }).end(body);
  }

  /** The tasks are over. A request whose task was cancelled before its first step is answered here. */
  async #end(): Promise<void> {
    for (const response of this.#owed) if (!response.writableEnded) this.#send(response, stopping);
    this.#ending = true;
    this.endIfIdle();
    const { expired } = await moveOnAfter(farewell, () => this.#closed.wait());
    if (expired) this.#socket.destroy();
  }
}
