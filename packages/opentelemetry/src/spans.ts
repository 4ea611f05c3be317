/**
 * The spans of tasks and groups.
 *
 * P1. A span begins with the code of its scope, and ends when the scope is closed: all that was started inside is over.
 * P2. It is below the span of the nearest scope around it that has one; in between is at most what the program started
 *     there. A trace that comes from elsewhere, as that of a request, goes before.
 * P3. A scope without a span costs a look at its name.
 */

import {
  context,
  type Context,
  createContextKey,
  type Link,
  type Span,
  type SpanContext,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { CancelledError, EnteredScope, EventType, JoineryEvent } from "joinery";
import { cancelAttributes, Cancellers } from "./cancellers.ts";

type Event<T extends EventType> = Extract<JoineryEvent, { type: T }>;

/** What {@link Spans} has to hear. */
export const spanEvents: readonly EventType[] = [
  "cancelled",
  "swallowed",
  "failed",
  "raised",
  "grouped",
  "ended",
  "closed",
];

/** The span of a scope that is open. */
interface OpenSpan {
  readonly span: Span;
  outcome: "done" | "failed" | "cancelled" | undefined;
}

export class Spans {
  readonly #tracer: Tracer;
  readonly #nameOf: (scope: EnteredScope) => string | undefined;
  /** By the `id` of their scopes. */
  readonly #open = new Map<number, OpenSpan>();
  readonly #cancellers = new Cancellers();
  /** In a context: the innermost scope with a span whose code this is. */
  readonly #innermost = createContextKey("joinery: the innermost scope that has a span");

  constructor(tracer: Tracer, nameOf: (scope: EnteredScope) => string | undefined) {
    this.#tracer = tracer;
    this.#nameOf = nameOf;
  }

  /** Calls `enter` with the span of `scope`, if it gets one, as the active span. */
  enter(scope: EnteredScope, enter: () => void): void {
    if (scope.kind !== "task" && scope.kind !== "group") return enter();
    const name = this.#nameOf(scope);
    if (name === undefined) return enter();
    const opened: OpenSpan = { span: this.#start(scope, name), outcome: undefined };
    this.#open.set(scope.id, opened);
    const inside = trace.setSpan(context.active(), opened.span);
    context.with(inside.setValue(this.#innermost, opened), enter);
  }

  #start(scope: EnteredScope, name: string): Span {
    const attributes = { "joinery.scope.id": scope.id, "joinery.scope.kind": scope.kind };
    const { parent, links } = this.#place(scope);
    return this.#tracer.startSpan(name, { attributes, links }, parent);
  }

  /** Where the span of `scope` stands in the trace. */
  #place(scope: EnteredScope): { parent: Context; links: Link[] } {
    const here = context.active();
    const caller = trace.getSpanContext(here);
    const creator = here.getValue(this.#innermost);
    const around = this.#around(scope);
    const foreign = creator === undefined && caller !== undefined;
    if (around === undefined || around === creator || foreign) return { parent: here, links: [] };
    const links = caller === undefined ? [] : [linkTo(caller, "creator")];
    return { parent: trace.setSpan(here, around.span), links };
  }

  /** The nearest scope around `scope` that has a span. */
  #around(scope: EnteredScope): OpenSpan | undefined {
    for (const id of scope.ancestors()) {
      const found = this.#open.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  hear(event: JoineryEvent): void {
    if (event.type === "cancelled") return this.#cancelled(event);
    if (event.type === "failed")
      return this.#cancellers.failed(event.error, this.#contextOf(event.from));
    const open = this.#open.get(event.scope.id);
    if (open === undefined) return;
    switch (event.type) {
      case "raised":
      case "grouped":
        fail(open, event.error);
        break;
      case "swallowed":
        open.span.setAttribute("joinery.cancel.swallowed", event.times);
        break;
      case "ended":
        open.outcome = event.outcome;
        break;
      case "closed":
        this.#end(open, event);
    }
  }

  #contextOf(id: number): SpanContext | undefined {
    return this.#open.get(id)?.span.spanContext();
  }

  /** Remembers who asked. A block without a span of its own is seen in that of its task. */
  #cancelled({ scope, error }: Event<"cancelled">): void {
    this.#cancellers.asked(error);
    if (this.#open.has(scope.id)) return;
    this.#open.get(scope.host)?.span.addEvent("joinery.cancelled", cancelAttributes(error));
  }

  #end(open: OpenSpan, { scope, cancellation }: Event<"closed">): void {
    const { span } = open;
    this.#open.delete(scope.id);
    open.outcome ??= cancellation ? "cancelled" : "done";
    span.setAttribute("joinery.outcome", open.outcome);
    if (cancellation && open.outcome !== "failed") this.#explain(span, cancellation);
    span.end();
  }

  /** Says of a span why it was cancelled, and links to who asked. */
  #explain(span: Span, cancellation: CancelledError): void {
    span.setAttributes(cancelAttributes(cancellation));
    const canceller = this.#cancellers.of(cancellation);
    if (canceller !== undefined && canceller.spanId !== span.spanContext().spanId)
      span.addLink(linkTo(canceller, "canceller"));
  }

  /** Ends what is open. */
  endAll(): void {
    for (const { span } of this.#open.values()) span.end();
    this.#open.clear();
  }
}

function fail(open: OpenSpan, error: Error): void {
  open.outcome = "failed";
  open.span.recordException(error);
  open.span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}

function linkTo(target: SpanContext, what: "creator" | "canceller"): Link {
  return { context: target, attributes: { "joinery.link": what } };
}
