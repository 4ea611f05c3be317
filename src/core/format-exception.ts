/** The text of an error with everything that belongs to it: members, causes, task paths, notes. */
import { describe, isError } from "./errors.ts";
import { membersOf } from "./error-tree.ts";
import { frameLines } from "./own-stack.ts";
import { taskPathOf } from "./task-path.ts";

/** Deeper levels are not indented further, so that the text stays linear in the number of errors. */
const widestIndent = 39;
const longestValue = 60;

interface Entry {
  readonly error: unknown;
  /** What stands before the name: the number of a member, or `cause:`. */
  readonly label: string;
  readonly depth: number;
  /** Before the first line, and before all others. */
  readonly first: string;
  readonly rest: string;
}

/**
 * The whole tree of an error as text: every member of every group at every depth, each with its message, the
 * task it came from (`task:`), its notes and its own stack; then its cause, and the cause of that.
 * An error that occurs again is marked `[shown above]`. For a value that is no error: that value, described.
 *
 * It is what `console.log(group)`, `group.stack` and the report of an uncaught group show.
 * Codes and other plain fields of an error follow its message: `[ENOENT, errno: -2]`.
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
  // A stack of our own: a tree may be deeper than the one of the machine.
  const ahead: Entry[] = [{ error, label: "", depth: 0, first: "", rest: "" }];
  for (let entry = ahead.pop(); entry !== undefined; entry = ahead.pop()) {
    const again = shown.has(entry.error);
    if (isError(entry.error)) shown.add(entry.error);
    const [head = "", ...more] = textOf(entry.error, again);
    lines.push(
      entry.first + depthOf(entry) + entry.label + head,
      ...more.map((line) => entry.rest + line),
    );
    if (!again) for (const child of childrenOf(entry).toReversed()) ahead.push(child);
  }
  return lines.join("\n");
}

/** `ExceptionGroup: message (2 sub-exceptions) [CODE]`. */
export function headerOf(error: Error): string {
  const members = membersOf(error);
  const parts = [titleOf(error), members === undefined ? "" : countOf(members), fieldsOf(error)];
  return parts.filter((part) => part !== "").join(" ");
}

/** `(2 sub-exceptions)`, as Python says it. */
export function countOf(members: readonly unknown[]): string {
  return `(${members.length} sub-exception${members.length === 1 ? "" : "s"})`;
}

function textOf(error: unknown, again: boolean): readonly string[] {
  if (!isError(error)) return [describe(error)];
  if (again) return `${titleOf(error)} [shown above]`.split("\n");
  const path = taskPathOf(error);
  const notes: unknown = (error as { notes?: unknown }).notes;
  return [
    ...headerOf(error).split("\n"),
    ...(path === undefined ? [] : [`    task: ${path}`]),
    ...(Array.isArray(notes)
      ? notes.flatMap((note) => `note: ${String(note)}`.split("\n").map((line) => `    ${line}`))
      : []),
    ...frameLines(error),
  ];
}

function titleOf(error: Error): string {
  const { name } = error.constructor;
  // Many classes never set their name; the one of the class says more than "Error".
  const title = error.name === "Error" && name !== "" ? name : error.name;
  return Error.prototype.toString.call({ name: title, message: error.message });
}

const shownElsewhere: ReadonlySet<string> = new Set(["name", "message", "stack", "code"]);

/** The own fields worth a glance. Getters are left alone: printing must not run code of the user. */
function fieldsOf(error: Error): string {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(error))
    .filter(
      ([key, { enumerable, value }]) => enumerable && isPlain(value) && !shownElsewhere.has(key),
    )
    .map(([key, { value }]) => `${key}: ${shortened(value)}`);
  const { code } = error as { code?: unknown };
  const all = isPlain(code) ? [shortened(code), ...fields] : fields;
  return all.length === 0 ? "" : `[${all.slice(0, 8).join(", ")}]`;
}

function isPlain(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}

function shortened(value: string | number): string {
  const text = String(value).replace(/\s+/g, " ");
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** The members, then the cause. */
function childrenOf({ error, depth, rest }: Entry): Entry[] {
  if (!isError(error)) return [];
  const children: [label: string, error: unknown][] = (membersOf(error) ?? []).map((member, at) => [
    `${at + 1} ─ `,
    member,
  ]);
  if (error.cause !== undefined) children.push(["cause: ", error.cause]);
  return children.map(([label, child], at) => {
    const last = at === children.length - 1;
    const first = `${rest}${last ? "└─ " : "├─ "}`;
    const below = rest.length < widestIndent ? `${rest}${last ? "   " : "│  "}` : rest;
    return { error: child, label, depth: depth + 1, first, rest: below };
  });
}

/** Says how deep a line is where the indentation no longer does. */
function depthOf({ depth, rest }: Entry): string {
  return depth * 3 > rest.length ? `[depth ${depth}] ` : "";
}
