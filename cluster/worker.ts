/** A worker of a cluster: `worker.js <kit> <functions> <address>`. Ends with SIGTERM, and with the process that started it. */

import type { Address, EngineKit } from "./engine-kit.ts";

const [kitModule, functionsModule, address] = process.argv.slice(2) as [string, string, string];

// Ctrl-C reaches all processes of a terminal: the one that started this decides what it means.
process.on("SIGINT", () => {});

const { kit } = (await import(kitModule)) as { kit: EngineKit };
const functions = (await import(functionsModule)) as object;
const worker = await kit.serve(functions, JSON.parse(address) as Address);

process.once("SIGTERM", () => void worker[Symbol.asyncDispose]().then(() => process.exit()));
process.once("disconnect", () => process.exit());
process.send!("ready");
