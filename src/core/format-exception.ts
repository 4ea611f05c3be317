/** The text of an error with everything that belongs to it: members, causes, task paths, notes. */
import { membersOf } from "./error-tree.ts";
import { describe, isError } from "./errors.ts";
import { taskPathOf } from "./task-path.ts";

/** Deeper levels are not indented further, so that the text stays linear in the number of errors. */
const deepestIndent = 13;

/** Where a group keeps its origin, since its own `stack` is the tree. All copies of the package look here. */
export const originKey: unique symbol = Symbol.for("joinery.origin");

/** What is to be shown, what stands before its first line and before all others, and how deep it is. */
type Entry = [error: unknown, first: string, rest: string, depth: number];

/**
 * The whole tree of an error as text: every member of every group at every depth, each with its message, the
 * task it came from (`task:`), its notes and its own stack; then its cause, and the cause of that.
 * An error that occurs again is marked `[shown above]`. For a value that is no error: that value, described.
 *
 * It is what `console.log(group)`, `group.stack` and the report of an uncaught group show.
 * The `code` of an error follows its message: `[ENOENT]`.
 *
 * @example
 * ```ts
 * import { ExceptionGroup, formatException } from "joinery";
 *
 * const group = new ExceptionGroup("unhandled errors in a TaskGroup", [
 *   new TypeError("no such user"),
 *   new ExceptionGroup("mirrors", [new RangeError("too large", { cause: new Error("quota") })]),
 * ]);
 * const lines = formatException(group).split("\n").filter((line) => !/ at /.test(line));
 * console.log(lines[0]); // ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
 * console.log(lines[1]); // ├─ 1 ─ TypeError: no such user
 * console.log(lines[2]); // └─ 2 ─ ExceptionGroup: mirrors (1 sub-exception)
 * console.log(lines[3]?.trim()); // └─ 1 ─ RangeError: too large
 * console.log(lines[4]?.trim()); // └─ cause: Error: quota
 * ```
 *
 * Idea: PEP 654, the traceback of an exception group.
 */
export function formatException(error: unknown): string {
  const lines: string[] = [];
  const shown = new Set<unknown>();
  // A stack of our own, since a tree may be deeper than the one of the machine.
  const ahead: Entry[] = [[error, "", "", 0]];
  for (let entry = ahead.pop(); entry !== undefined; entry = ahead.pop()) {
    const [here, first, rest, depth] = entry;
    const isNew = isError(here) && !shown.has(here);
    let text = isNew ? textOf(here) : describe(here);
    if (isError(here) && !isNew) text = `${headlineOf(here)} [shown above]`;
    lines.push(first + text.replaceAll("\n", `\n${rest}    `));
    if (!isNew) continue;
    shown.add(here);
    const members = membersOf(here);
    const children = here.cause === undefined ? members : [...members, here.cause];
    const isDeep = depth >= deepestIndent;
    const place = isDeep ? `[depth ${depth + 1}] ` : "";
    // The last goes onto the stack first.
    for (let at = children.length; at-- > 0;) {
      const [fork, line] = at === children.length - 1 ? ["└─ ", "   "] : ["├─ ", "│  "];
      const label = at < members.length ? `${at + 1} ─ ` : "cause: ";
      const below = isDeep ? rest : rest + line;
      ahead.push([children[at], rest + fork + place + label, below, depth + 1]);
    }
  }
  return lines.join("\n");
}

/** `ExceptionGroup: message (2 sub-exceptions)`, as Python says it. */
export function headlineOf(error: Error): string {
  const { name, message, constructor } = error;
  const { length } = membersOf(error);
  // Many classes never set their name; the one of the class says more than "Error".
  const title = (name === "Error" && constructor.name) || name;
  const count = length > 0 ? ` (${length} sub-exception${length > 1 ? "s" : ""})` : "";
  return title + (message && `: ${message}`) + count;
}

/** What has the stack that tells where `error` was made. */
export function originOf(
  error: Error & { [originKey]?: Pick<Error, "stack"> },
): Pick<Error, "stack"> {
  return error[originKey] ?? error;
}

function textOf(error: Error & { code?: unknown; notes?: string[] }): string {
  // Frames of V8, then of JavaScriptCore and SpiderMonkey. All other lines repeat name and message.
  const frames = String(originOf(error).stack).match(/(?<=^ +)at .*|^\S*@\S+:\d.*/gm);
  return [
    headlineOf(error) + (typeof error.code === "string" ? ` [${error.code}]` : ""),
    ...[taskPathOf(error) ?? []].flat().map((path) => `task: ${path}`),
    ...[error.notes ?? []].flat().map((note) => `note: ${note}`),
    ...(frames ?? []),
  ].join("\n");
}
