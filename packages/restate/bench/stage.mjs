// A server, workers and their journal, for what is measured here.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Crew } from "../../../cluster/dist/crew.js";
import { installTools } from "../../../scripts/install-tools.mjs";
import { kit } from "../cluster/dist/index.js";

export const kitModule = new URL("../cluster/dist/index.js", import.meta.url).href;

export async function startStage(workers) {
  const folder = mkdtempSync(join(tmpdir(), "joinery-restate-"));
  const journal = join(folder, "journal");
  writeFileSync(journal, "");
  const server = await kit.startServer(folder, installTools);
  const functions = new URL("functions.mjs", import.meta.url).href;
  const env = { JOURNAL: journal };
  const crew = new Crew({ kit: kitModule, functions, address: server.address, env });
  for (let n = 0; n < workers; n++) await crew.hire();
  await kit.introduce(server.address);
  return {
    address: server.address,
    open: (lease) => kit.open(server.address, lease),
    lines: () => readFileSync(journal, "utf8").split("\n").slice(0, -1),
    async stop() {
      await crew.dismiss();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
