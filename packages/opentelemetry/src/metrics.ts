/** What is counted of tasks, with and without names. */

import type { Attributes, Meter, ObservableResult } from "@opentelemetry/api";
import { type JoineryEvent, type ScopeInfo, statistics, subscribe } from "joinery";

type Ended = Extract<JoineryEvent, { type: "ended" }>;

const task = "{task}";

/** Counts tasks with instruments of `meter`, until the returned function is called. */
export function countTasks(
  meter: Meter,
  attributesOf?: (task: ScopeInfo) => Attributes,
): () => void {
  const counts = new TaskCounts(meter, attributesOf);
  const live = meter.createObservableUpDownCounter("joinery.task.live", {
    description: "Tasks that are not over.",
    unit: task,
  });
  live.addCallback(observeLive);
  const stop = subscribe((event) => counts.hear(event), {
    types: ["started", "ended", "cancelled"],
  });
  return () => {
    stop();
    live.removeCallback(observeLive);
  };
}

function observeLive(result: ObservableResult): void {
  result.observe(statistics().tasks);
}

class TaskCounts {
  readonly #started;
  readonly #ended;
  readonly #duration;
  readonly #cancellations;
  readonly #attributesOf: ((task: ScopeInfo) => Attributes) | undefined;
  /** When the tasks that run took their first step, on their clocks. */
  readonly #starts = new Map<number, number>();

  constructor(meter: Meter, attributesOf?: (task: ScopeInfo) => Attributes) {
    this.#attributesOf = attributesOf;
    this.#started = meter.createCounter("joinery.task.started", {
      description: "Tasks that took their first step.",
      unit: task,
    });
    this.#ended = meter.createCounter("joinery.task.ended", {
      description: "Tasks that are over, also those that were cancelled before their first step.",
      unit: task,
    });
    this.#duration = meter.createHistogram("joinery.task.duration", {
      description: "From the first step of a task to its end.",
      unit: "s",
    });
    this.#cancellations = meter.createCounter("joinery.cancellations", {
      description: "Scopes that were asked to stop, whatever is below them.",
      unit: "{cancellation}",
    });
  }

  hear(event: JoineryEvent): void {
    switch (event.type) {
      case "started":
        this.#starts.set(event.scope.id, event.at);
        this.#started.add(1, this.#attributesOf?.(event.scope));
        break;
      case "ended":
        this.#end(event);
        break;
      case "cancelled":
        this.#cancellations.add(1, { "joinery.cancel.source": event.error.source });
    }
  }

  #end({ scope, at, outcome }: Ended): void {
    const attributes = { ...this.#attributesOf?.(scope), "joinery.outcome": outcome };
    this.#ended.add(1, attributes);
    const start = this.#starts.get(scope.id);
    if (start === undefined) return; // never started, or before anybody counted
    this.#starts.delete(scope.id);
    this.#duration.record((at - start) / 1000, attributes);
  }
}
