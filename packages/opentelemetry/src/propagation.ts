import { context, propagation } from "@opentelemetry/api";
import type { Propagator } from "joinery/executor";

/** Takes the context of the trace along with remote calls, as the propagator of the SDK writes it. */
export const traceContext: Propagator = {
  inject: (headers) => propagation.inject(context.active(), headers),
  extract: (headers, body) => context.with(propagation.extract(context.active(), headers), body),
};
