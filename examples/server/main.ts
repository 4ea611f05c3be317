/**
 * Serves until SIGTERM or Ctrl-C, and stops without losing a request:
 * `npm run example server [--host 127.0.0.1] [--port 8080] [--drain 5000]`. Ends with 0, or with 1 if it cannot listen there.
 */

import { exceptStar, run, sleep } from "joinery";
import type { IncomingMessage } from "node:http";
import { parseArgs } from "node:util";
import { onSystemError } from "../system-error.ts";
import type { Reply } from "./reply.ts";
import { serve, type ServeOptions } from "./serve.ts";

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "8080" },
    drain: { type: "string", default: "5000" },
    linger: { type: "string", default: "250" },
  },
});

/** `/work?ms=100` takes that long, as if it asked a database; `/crash` has a bug. */
async function handle(request: IncomingMessage): Promise<Reply> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  if (pathname === "/crash") throw new Error("a bug in the handler");
  if (pathname !== "/work") return { status: 404, body: "Try /work?ms=100\n" };
  await sleep(Number(searchParams.get("ms")));
  return { status: 200, body: "Done.\n" };
}

const options: ServeOptions = {
  host: values.host,
  port: Number(values.port),
  drain: Number(values.drain),
  linger: Number(values.linger),
  onListening: (port) => console.log(`Listening on http://${values.host}:${port}/work?ms=100`),
};

await run(
  async function server() {
    try {
      const tally = await serve(handle, options);
      // Nothing waits any more, so the cancellation that stopped the server does not come out: the program ends with 0.
      console.log(`Stopped. ${tally.summary()}.`);
    } catch (error) {
      await exceptStar(error, onSystemError);
    }
  },
  { grace: options.drain + 5000 }, // that it takes as long as `drain` is no reason for a warning
);
