/** The runtime that executes this, in the words of `docs/runtimes.md`. */

interface Globals {
  Bun?: { version: string };
  Deno?: { version: { deno: string } };
  process?: typeof process;
}

const { Bun, Deno, process: host } = globalThis as Globals;
const node = host?.versions.node;

/** As `differences.json` has it. */
export const name: string =
  (Bun && "bun") ?? (Deno && "deno") ?? (node ? `node ${node.split(".")[0]}` : "chromium");

/** A page does not know it. */
export const version: string | undefined = Bun?.version ?? Deno?.version.deno ?? node;
