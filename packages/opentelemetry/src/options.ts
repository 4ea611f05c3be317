import type { Attributes, MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { EnteredScope, ScopeInfo } from "joinery";

export interface InstrumentOptions {
  /**
   * The name of the span for a task or group, `undefined` for none. Called when its code is about to begin.
   * Default: its name, if it was given one.
   */
  spanName?: (scope: EnteredScope) => string | undefined;
  /**
   * Attributes that the metrics of a task have besides its outcome. Each combination is a time series of its own, so they
   * must not have many values. Default: none.
   */
  metricAttributes?: (task: ScopeInfo) => Attributes;
  /** Whether tasks are counted at all: it costs each of them something. Default: `true`. */
  metrics?: boolean;
  /** Default: the global one. */
  tracerProvider?: TracerProvider;
  /** Default: the global one, as it is at the time of the call. */
  meterProvider?: MeterProvider;
}
