import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { pid } from "node:process";
import { createEndpointHandler } from "@restatedev/restate-sdk";
import { type CloseOptions, createWorker, gracefulClose } from "joinery/executor";
import { checkServeOptions } from "./arguments.ts";
import { callDefinition } from "./call-service.ts";
import { Calls } from "./calls.ts";
import { RestateIngress } from "./ingress.ts";
import { LeaseWatch } from "./lease-watch.ts";
import type { ServeOptions } from "./options.ts";
import { sessionObject } from "./protocol.ts";
import { Reports } from "./reports.ts";
import { sessionDefinition } from "./session-object.ts";
import { ensureWithResolvers } from "./with-resolvers.ts";

/** A process that runs calls, until it is closed. */
export interface RestateWorker extends AsyncDisposable {
  /** As its functions see it, in `call.worker`. */
  readonly name: string;
  /** Where it listens. */
  readonly port: number;
  /**
   * Takes no more calls, and waits for those that run here. After `within` they are cancelled (source `shutdown`), and awaited with their
   * cleanup; those that are `idempotent` begin again at another worker, the others are lost, and their callers told. `await using` calls
   * it. May be called again, with less time.
   *
   * Rejects with `TypeError` (`JOINERY_INVALID_TIME`) if `within` is no time. *Cancellation*: not subject to it.
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Serves remote functions to callers with {@link restate}: this process is a worker then.
 *
 * `functions` is a module, or any object, with the remote functions. Resolves when the worker can be reached. Restate has to know
 * it: register its address once, or that of a load balancer in front of all workers, with `restate deployments register`.
 *
 * Rejects with `TypeError` (`JOINERY_INVALID_ARGUMENT`) on a bad argument, and with the error of the system if it cannot listen.
 *
 * *Cancellation*: a worker is not part of the scope that made it: it ends with `close`.
 *
 * @example
 * ```ts no-run
 * import { run, sleep } from "joinery";
 * import { serve } from "@joinery/restate";
 * import * as frames from "./frames.js";
 *
 * await run(async () => {
 *   await using worker = await serve(frames, { port: 9080 });
 *   console.log(`${worker.name} listens at port ${worker.port}`);
 *   await sleep(Infinity); // until Ctrl-C
 * });
 * ```
 *
 * Idea: a Temporal worker; Restate's `serve`, which it is made of.
 */
export async function serve(functions: object, options: ServeOptions = {}): Promise<RestateWorker> {
  const settings = checkServeOptions(options);
  ensureWithResolvers();
  const { name = `${hostname()}/${pid}`, service } = settings;
  const worker = createWorker(functions, { name });
  const ingress = new RestateIngress(settings.ingress, service);
  const leases = new LeaseWatch((session, patience) => ingress.look(session, patience));
  const reports = new Reports((session, begun) => ingress.report(session, begun));
  const calls = new Calls(worker, leases, reports);
  const handler = createEndpointHandler({
    services: [callDefinition(service, calls), sessionDefinition(sessionObject(service))],
    logger: options.logger ?? (() => {}),
    ...(options.identityKeys && { identityKeys: options.identityKeys }),
  });
  const door = new Door(createServer(handler));
  await door.open(settings.port);
  const close = async (): Promise<void> => {
    await calls.close();
    reports.close();
    leases.close();
    await door.close();
  };
  return new Serving(
    name,
    door.port,
    gracefulClose(close, () => calls.cancel()),
  );
}

class Serving implements RestateWorker {
  readonly name: string;
  readonly port: number;
  readonly close: (options?: CloseOptions) => Promise<void>;

  constructor(name: string, port: number, close: RestateWorker["close"]) {
    this.name = name;
    this.port = port;
    this.close = close;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Where Restate comes in. It keeps its connections open: they have to be ended. */
class Door {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(server: Http2Server) {
    this.#server = server;
    server.on("session", (session) => {
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async open(port: number): Promise<void> {
    await new Promise<void>((opened, failed) => {
      this.#server.once("error", failed);
      this.#server.listen(port, () => {
        this.#server.off("error", failed);
        opened();
      });
    });
  }

  /** Answers that are on their way go out before. */
  async close(): Promise<void> {
    const closed = new Promise<void>((done) => void this.#server.close(() => done()));
    for (const session of this.#sessions) session.close();
    await closed;
  }
}
