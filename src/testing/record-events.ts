/// <reference lib="esnext.disposable" preserve="true" />

import { expectOptions } from "../core/arguments.ts";
import { type EventType, type JoineryEvent, subscribe } from "../core/index.ts";
import { ReadableNames } from "./readable-names.ts";

export interface RecordOptions {
  /** What to record. Default: everything. */
  types?: readonly EventType[];
  /** Whether to write the time before each line, in milliseconds of the clock of the scope. Default: `false`. */
  times?: boolean;
}

/** What {@link recordEvents} gives. */
export interface EventRecord extends Disposable {
  /** What has happened so far, a line each. */
  readonly lines: readonly string[];
  /** Adds a line of the test's own. */
  note(text: string): void;
  /** Records no more. */
  stop(): void;
}

/**
 * Records what happens in the tree, as lines that a test can compare: which task starts, waits, is cancelled, ends.
 *
 * A scope without a name is called by its number among those of its kind, so that the lines are the same each
 * time. Records the whole process until `stop()`, or the end of its `using` block.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) if there is no such type of event.
 *
 * *Cancellation*: hears of it, is not subject to it.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "joinery";
 * import { recordEvents, withVirtualTime } from "joinery/testing";
 *
 * using events = recordEvents({ types: ["started", "ended"], times: true });
 * await withVirtualTime(() =>
 *   taskGroup((group) => {
 *     group.createTask(() => sleep(20), { name: "slow" });
 *     group.createTask(() => sleep(10), { name: "quick" });
 *   }),
 * );
 * console.log(events.lines.join("\n"));
 * // → 0 task main: started
 * // → 0 task slow: started
 * // → 0 task quick: started
 * // → 10 task quick: ended (done)
 * // → 20 task slow: ended (done)
 * // → 20 task main: ended (done)
 * ```
 *
 * Idea: the traces of Trio's instruments.
 */
export function recordEvents(options: RecordOptions = {}): EventRecord {
  expectOptions(options as object);
  const { types, times = false } = options;
  const lines: string[] = [];
  const names = new ReadableNames();
  const hear = (event: JoineryEvent): void => {
    const time = times ? `${event.at} ` : "";
    lines.push(`${time}${event.scope.kind} ${names.of(event.scope)}: ${names.in(describe(event))}`);
  };
  const stop = subscribe(hear, types && { types });
  return { lines, note: (text) => void lines.push(text), stop, [Symbol.dispose]: stop };
}

/** The type of an event, with what tells it from others of its type. */
function describe(event: JoineryEvent): string {
  const details = detailsOf(event);
  return details.length > 0 ? `${event.type} (${details.join(", ")})` : event.type;
}

function detailsOf(event: JoineryEvent): readonly unknown[] {
  switch (event.type) {
    case "waiting":
    case "resumed":
      return [event.label];
    case "ended":
      return [event.outcome];
    case "cancelled":
      return [event.error.source];
    case "delivered":
      return [event.how];
    case "swallowed":
      return [event.how, `${event.times} times`];
    case "raised":
    case "failed":
    case "grouped":
      return [event.error];
    case "adopted":
      return [event.ghost.label];
    case "settled":
      return [event.ghost.label, event.outcome];
    default:
      return [];
  }
}
