/**
 * An HTTP server as a tree of tasks: one for each connection, and below it one for each request. It stops in two steps.
 *
 *   SIGTERM ──▶ no new connections; replies say `Connection: close` ──drain──▶ what still runs is cancelled, and says so
 */

import { currentSignal, moveOnAfter, shield, sleep, taskGroup, type TaskGroup } from "joinery";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { Handler } from "./reply.ts";
import { Tally } from "./tally.ts";

export interface ServeOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Milliseconds for the requests that are under way when the server is to stop. */
  readonly drain: number;
  /**
   * Milliseconds that an idle connection stays open then: a request may be on its way, and its client could not know
   * whether it was accepted.
   */
  readonly linger: number;
  readonly onListening: (port: number) => void;
}

/** Serves until the block around it is cancelled, and ends in good order: it returns what has become of the requests. */
export async function serve(handle: Handler, options: ServeOptions): Promise<Tally> {
  const tally = new Tally();
  const stop = currentSignal();
  // The cancellation is for the server. The requests are behind a shield, and have a deadline from then on.
  await shield(
    () =>
      moveOnAfter(Infinity, (life) =>
        taskGroup(async (group) => {
          const connections = new Set<Connection>();
          const listener = listen(group, connections, { handle, stop, tally });
          listener.listen(options.port, options.host);
          await once(listener, "listening");
          options.onListening((listener.address() as AddressInfo).port);
          if (!stop.aborted) await once(stop, "abort", { signal: group.signal });

          listener.close();
          life.reschedule(Date.now() + options.drain);
          await sleep(options.linger);
          for (const connection of connections) connection.endIfIdle();
        }),
      ),
    { within: Infinity },
  );
  return tally;
}

/** Gives each connection a task. Node's HTTP server only parses: its own `close()` would cut idle connections at once. */
function listen(
  group: TaskGroup,
  connections: Set<Connection>,
  options: ConnectionOptions,
): Server {
  const bySocket = new WeakMap<Socket, Connection>();
  const http = createHttpServer((request, response) =>
    bySocket.get(request.socket)?.take(request, response),
  );
  const attend = async (connection: Connection): Promise<void> => {
    connections.add(connection);
    await connection.serve();
    connections.delete(connection);
  };
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new Connection(socket, options);
    bySocket.set(socket, connection);
    group.createTask(() => attend(connection), { name: `connection ${socket.remotePort}` });
    http.emit("connection", socket);
  });
  group.defer(() => void listener.close());
  return listener;
}
