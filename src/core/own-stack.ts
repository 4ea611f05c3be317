/**
 * The frames of one error alone. The `stack` of a group is its whole tree, so the place where the
 * group itself was made is kept apart, and formatted only when somebody looks.
 */

/** Something with the frames of an error as its `stack`. */
export interface Frames {
  readonly stack?: unknown;
}

/** Where a group keeps its own frames. In the global registry: another copy of the package finds them too. */
export const framesKey: unique symbol = Symbol.for("joinery.frames");

const host: {
  readonly prototype: Error;
  stackTraceLimit?: unknown;
  captureStackTrace?: (target: object, above: Function) => void;
} = Error;

/** The frames of whoever called `above`. */
export function captureFrames(above: Function): Frames {
  if (host.captureStackTrace === undefined) return new Error();
  const frames = {};
  host.captureStackTrace(frames, above);
  return frames;
}

/** Lets the next errors be made without a stack, which is most of their cost. Gives what `unmute` needs. */
export function muteStacks(): unknown {
  const limit = host.stackTraceLimit;
  // Reflect.set: where intrinsics are frozen, a stack too many is better than a TypeError.
  if (typeof limit === "number") Reflect.set(host, "stackTraceLimit", 0);
  return limit;
}

/** Ends what {@link muteStacks} began. */
export function unmuteStacks(limit: unknown): void {
  if (typeof limit === "number") Reflect.set(host, "stackTraceLimit", limit);
}

/** Where the frames of `error` can be read. */
export function framesOf(error: Error): Frames {
  return (error as { [framesKey]?: Frames })[framesKey] ?? error;
}

/** Gives `part` what a part keeps of its original: where it was made, why, and the notes. */
export function inherited<Part extends Error>(
  original: Error & { notes?: unknown },
  part: Part,
): Part {
  (part as { [framesKey]?: Frames })[framesKey] = framesOf(original);
  if (Object.hasOwn(original, "cause")) {
    Object.defineProperty(part, "cause", {
      value: original.cause,
      writable: true,
      configurable: true,
    });
  }
  return Array.isArray(original.notes) ? Object.assign(part, { notes: [...original.notes] }) : part;
}

/** The lines of the stack of `error`, without the lines that repeat name and message. */
export function frameLines(error: Error): readonly string[] {
  const { stack } = framesOf(error);
  if (typeof stack !== "string") return [];
  const [, ...lines] = withoutMessage(stack, error.message).split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.replace(/^\s*(?=at )/, "    "));
}

/** What follows the message in a stack: the rest of its line, then the frames. */
function withoutMessage(stack: string, message: string): string {
  // JavaScriptCore and SpiderMonkey do not repeat the message: their first line is a frame already.
  if (/^\s*at |^[^\s:]*@\S*:\d/.test(stack)) return `\n${stack}`;
  const start = stack.indexOf(message);
  // Found below the first line, it is not the message but something that happens to read like it.
  return start === -1 || stack.slice(0, start).includes("\n")
    ? stack
    : stack.slice(start + message.length);
}
