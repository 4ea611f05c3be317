/** How a group shows its whole tree to those who never heard of it: a runtime, a logger, a test runner. */
import { formatException, headerOf } from "./format-exception.ts";
import { frameLines } from "./own-stack.ts";

/** Node 26 looks for repetitions in the stack of an uncaught error, in quadratic time: 40,000 lines take half a minute. */
const mostLines = 4000;

/** The own `errors` of a group. Were it a plain value, Node would print the members of an uncaught group a second time. */
export const errorsProperty: PropertyDescriptor & ThisType<{ readonly exceptions: unknown }> = {
  get() {
    return this.exceptions;
  },
};

/**
 * The own `stack` of a group. What reports uncaught errors reads it, and Node reads nothing else: it does
 * not ask the custom inspector there. Made only when read; whoever assigns one replaces it.
 */
export const stackProperty: PropertyDescriptor & ThisType<Error> = {
  configurable: true,
  get() {
    // Deno prints the members of an uncaught AggregateError itself, each with its own `stack`.
    return "Deno" in globalThis
      ? [headerOf(this), ...frameLines(this)].join("\n")
      : beginning(formatException(this));
  },
  set(value: unknown) {
    Object.defineProperty(this, "stack", { value, writable: true, configurable: true });
  },
};

/** What `console.log` looks for: in Node and Bun, and in Deno. */
export const inspectors: readonly symbol[] = [
  Symbol.for("nodejs.util.inspect.custom"),
  Symbol.for("Deno.customInspect"),
];

/** What it finds there. */
export const inspectProperty: PropertyDescriptor = {
  value(this: unknown): string {
    return formatException(this);
  },
};

function beginning(text: string): string {
  const lines = text.split("\n");
  if (lines.length <= mostLines) return text;
  return [
    ...lines.slice(0, mostLines),
    `… and ${lines.length - mostLines} more lines; formatException(error) has them all`,
  ].join("\n");
}
