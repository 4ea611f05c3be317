/**
 * A worker of a cluster: `worker.js <kit> <functions> <address> [<lease>]`. It closes with SIGTERM, and with a message that says
 * within what time; it ends with the process that started it.
 */

import type { Address, EngineKit } from "./engine-kit.ts";

const [kitModule, functionsModule, address, lease] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
];

// Ctrl-C reaches all processes of a terminal: the one that started this decides what it means.
process.on("SIGINT", () => {});

const { kit } = (await import(kitModule)) as { kit: EngineKit };
const functions = (await import(functionsModule)) as object;
const worker = await kit.serve(
  functions,
  JSON.parse(address) as Address,
  lease === undefined ? undefined : Number(lease),
);

/** `null`, as JSON has it, for any time. */
async function close(within: number | null): Promise<void> {
  await worker.close({ within: within ?? Infinity });
  process.exit();
}

process.once("SIGTERM", () => void close(null));
process.on("message", ({ within }: { within: number | null }) => void close(within));
process.once("disconnect", () => process.exit());
process.send!("ready");
