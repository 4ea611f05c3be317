/** `joinery inspect`: the page. */

import { suspend } from "joinery";
import { withLiveSource } from "../attach/live-source.ts";
import { serveInspector } from "../inspector/serve.ts";
import type { InspectorSource } from "../inspector/source.ts";
import { readTrace } from "../trace/trace-file.ts";

export async function inspect(what: string, options: { port?: number }): Promise<void> {
  if (!/^\d+$/.test(what)) {
    const { command } = await readTrace(what);
    const source = { title: command, recording: what };
    return serve(source, options, () => suspend<never>(() => {}, { label: "Ctrl-C" }));
  }
  await withLiveSource(Number(what), { every: 1000, events: true }, (source) =>
    serve(source, options, () => source.ended()),
  );
  console.error(`Process ${what} has ended.`);
}

async function serve(
  source: InspectorSource,
  options: { port?: number },
  untilEnd: () => Promise<void>,
): Promise<void> {
  const server = await serveInspector(source, options);
  try {
    console.log(server.url);
    await untilEnd();
  } finally {
    await server.close();
  }
}
