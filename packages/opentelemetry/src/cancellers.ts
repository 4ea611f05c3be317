import { type Attributes, type SpanContext, trace } from "@opentelemetry/api";
import type { CancelledError } from "joinery";

/** Who asked for a cancellation: the span that was active where `cancel` was called, or that of the sibling that failed. */
export class Cancellers {
  /** By the error that stands for the cancellation, or is the cause of one. */
  readonly #spans = new WeakMap<object, SpanContext>();

  /** What belongs to `failed` ended with `error`, for which its siblings will be cancelled. */
  failed(error: Error, failed: SpanContext | undefined): void {
    if (failed !== undefined) this.#spans.set(error, failed);
  }

  /** Called while `cancellation` is asked for. */
  asked(cancellation: CancelledError): void {
    const span = this.#spanBehind(cancellation);
    if (span !== undefined) this.#spans.set(cancellation, span);
  }

  of(cancellation: CancelledError): SpanContext | undefined {
    return this.#spans.get(cancellation);
  }

  #spanBehind({ source, cause }: CancelledError): SpanContext | undefined {
    if (source === "explicit" || source === "signal") return trace.getActiveSpan()?.spanContext();
    return cause instanceof Error ? this.#spans.get(cause) : undefined;
  }
}

/** What spans say of a cancellation. What is undefined is left out. */
export function cancelAttributes({ source, scope, by, cause }: CancelledError): Attributes {
  return {
    "joinery.cancel.source": source,
    "joinery.cancel.scope": scope,
    "joinery.cancel.by": by,
    "joinery.cancel.reason": cause instanceof Error ? cause.message : textOf(cause),
  };
}

function textOf(reason: unknown): string | undefined {
  return typeof reason === "string" ? reason : undefined;
}
