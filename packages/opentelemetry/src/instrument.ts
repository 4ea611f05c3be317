import { metrics as metricsApi, trace } from "@opentelemetry/api";
import { intercept, subscribe } from "joinery";
import { propagate } from "joinery/executor";
import { checkOptions } from "./arguments.ts";
import { countTasks } from "./metrics.ts";
import type { InstrumentOptions } from "./options.ts";
import { traceContext } from "./propagation.ts";
import { spanEvents, Spans } from "./spans.ts";

const library = "@joinery/opentelemetry";

/**
 * Gives each named task and group a span, counts all tasks, and takes the context of the trace along with remote calls;
 * until the returned function is called.
 *
 * The span of a task is the active one inside it, so what its code and the instrumentations of others start is below it.
 * Its parent is the span of the nearest scope around the task that has one; but if the caller has an active span that was
 * started in there, or that no task or group around the caller belongs to (that of a request), it is that. Who created it from elsewhere is a link, and
 * so is who cancelled it. A failed task is an error; a cancelled one is not. `docs/opentelemetry.md` lists names and attributes.
 *
 * Call it once, after the SDK was started: the API of OpenTelemetry gives metrics only from then on. Where calls run in other threads or
 * processes, call it there too. When it is stopped, spans that are open end, without an outcome.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) on a bad option.
 *
 * *Cancellation*: hears of it, is not subject to it.
 *
 * @example
 * ```ts no-run
 * import { taskGroup } from "joinery";
 * import { instrument } from "@joinery/opentelemetry";
 *
 * instrument();
 * await taskGroup(
 *   (group) => {
 *     group.createTask(() => fetch("https://example.org/a"), { name: "fetch a" });
 *     group.createTask(() => fetch("https://example.org/b"), { name: "fetch b" });
 *   },
 *   { name: "load page" },
 * );
 * ```
 *
 * Idea: the tracing of Effect, in which a span is a scope.
 */
export function instrument(options: InstrumentOptions = {}): () => void {
  checkOptions(options);
  const { spanName = givenName, metrics = true } = options;
  const { tracerProvider = trace, meterProvider = metricsApi } = options;
  const spans = new Spans(tracerProvider.getTracer(library), spanName);
  const stops = [
    intercept((scope, enter) => spans.enter(scope, enter)),
    subscribe((event) => spans.hear(event), { types: spanEvents }),
    propagate(traceContext),
    () => spans.endAll(),
  ];
  if (metrics) stops.push(countTasks(meterProvider.getMeter(library), options.metricAttributes));
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

function givenName({ named, name }: { named: boolean; name: string }): string | undefined {
  return named ? name : undefined;
}
