// A worker of Restate without joinery, at any port.
import { createServer } from "node:http2";
import process from "node:process";
import { createEndpointHandler, service } from "@restatedev/restate-sdk";
import { ensureWithResolvers } from "../dist/with-resolvers.js";

ensureWithResolvers();
const options = { journalRetention: 0, idempotencyRetention: 600_000 };
const handlers = {
  echo: async (_, value) => value,
  /** With what a call has to have stored before it may begin, and nothing else. */
  marked: async (context, value) => {
    await context.run("attempt 1", () => ({ worker: "bare", token: "0" }));
    return value;
  },
};
const bare = service({ name: "bare", handlers, options });
const server = createServer(createEndpointHandler({ services: [bare], logger() {} }));
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
