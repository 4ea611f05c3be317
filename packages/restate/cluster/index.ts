/** What the cluster and the tests need to know of Restate. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { restate, serve } from "@joinery/restate";
import type { Address, EngineKit } from "../../../cluster/dist/engine-kit.js";
import { type RestateAddress, RestateServer } from "./server.ts";

export const kit: EngineKit = {
  // Long enough for a server that starts again, and for a frozen worker to be noticed.
  lease: 12_000,
  grace: 1000,

  startServer: (folder, tools) => RestateServer.start(programIn(tools("restate-server")), folder),

  serve: (functions, address) =>
    serve(functions, { ingress: ingress(address), port: (address as RestateAddress).workers }),

  async introduce(address) {
    const { admin, workers } = address as RestateAddress;
    const answer = await fetch(`http://127.0.0.1:${admin}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ uri: `http://127.0.0.1:${workers}`, force: true }),
    });
    if (!answer.ok) throw new Error(`Restate refuses the workers: ${await answer.text()}`);
  },

  open: (address, lease = 10_000) => restate({ ingress: ingress(address), lease }),
};

function ingress(address: Address): string {
  return `http://127.0.0.1:${(address as RestateAddress).ingress}`;
}

/** The program is a file of the package for this platform. */
function programIn(folder: string): string {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  const manifest = createRequire(join(folder, "package.json")).resolve(`${name}/package.json`);
  return join(manifest, "..", "bin", "restate-server");
}
