/** The real SDK, with exporters that keep what they get. */

import { type Attributes, context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { instrument, type InstrumentOptions } from "@joinery/opentelemetry";

/** A span as tests compare it: by names, and without numbers and times. */
export interface SpanLine {
  readonly name: string;
  readonly parent?: string;
  readonly outcome?: string;
  readonly links?: readonly string[];
}

/** Instruments joinery until the end of its `using` block, as a program with the SDK would. */
export class Telemetry implements AsyncDisposable {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: this.#spans })],
  });
  readonly #meterProvider = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter: this.#metrics,
        exportIntervalMillis: 2 ** 30,
      }),
    ],
  });
  /** Ends the instrumentation early. */
  readonly stop: () => void;

  constructor(options: InstrumentOptions = {}) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(this.#tracerProvider);
    metrics.setGlobalMeterProvider(this.#meterProvider);
    this.stop = instrument(options);
  }

  /** The spans that have ended, in that order. */
  get spans(): ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  span(name: string): ReadableSpan {
    const found = this.spans.find((span) => span.name === name);
    if (found === undefined) throw new Error(`There is no span "${name}".`);
    return found;
  }

  /** The spans that have ended, in the order of their beginnings, with the names of those that they refer to. */
  get lines(): SpanLine[] {
    const { spans } = this;
    const nameOf = (id: string | undefined): string | undefined =>
      spans.find((span) => span.spanContext().spanId === id)?.name;
    return spans.toSorted(byBeginning).map(({ name, parentSpanContext, attributes, links }) => {
      const parent = nameOf(parentSpanContext?.spanId);
      const outcome = attributes["joinery.outcome"] as string | undefined;
      const linked = links.map(
        (link) => `${String(link.attributes?.["joinery.link"])} ${nameOf(link.context.spanId)}`,
      );
      return {
        name,
        ...(parent !== undefined && { parent }),
        ...(outcome !== undefined && { outcome }),
        ...(linked.length > 0 && { links: linked }),
      };
    });
  }

  /** What was counted so far: each value of a metric with its attributes. */
  async values(metric: string): Promise<[attributes: Attributes, value: unknown][]> {
    this.#metrics.reset();
    await this.#meterProvider.forceFlush();
    const exported = this.#metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    const found = exported
      .flatMap((scope) => scope.metrics)
      .filter(({ descriptor }) => descriptor.name === metric);
    return found.flatMap(({ dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [attributes, value] as [Attributes, unknown]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await Promise.all([this.#tracerProvider.shutdown(), this.#meterProvider.shutdown()]);
    for (const api of [context, propagation, trace, metrics]) api.disable();
  }
}

function byBeginning(one: ReadableSpan, other: ReadableSpan): number {
  return idOf(one) - idOf(other);
}

/** Spans of joinery begin in the order of their scopes; those of the program come last. */
function idOf({ attributes }: ReadableSpan): number {
  return Number(attributes["joinery.scope.id"] ?? Infinity);
}
