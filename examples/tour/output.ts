/** What a cell says: its lines, its warnings, the error that came out of it. */

import { format } from "node:util";
import { withShortPaths } from "./source.ts";

/**
 * Calls `print` with everything that is printed or warned while `action` runs.
 *
 * Node prints warnings to stderr by a listener of its own. Here a warning is output of the cell and
 * is shown once, so for that long the listeners are ours alone.
 */
export async function overhear(
  print: (text: string) => void,
  action: () => Promise<void>,
): Promise<void> {
  const { log } = console;
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  console.log = (...args: unknown[]) => print(format(...args));
  process.on("warning", (warning: Error & { code?: string }) => {
    print(withShortPaths(`${warning.code ?? warning.name}: ${warning.message}`));
  });
  try {
    await action();
    await new Promise((resolve) => void setImmediate(resolve)); // warnings come a little later
  } finally {
    console.log = log;
    process.removeAllListeners("warning");
    for (const listener of listeners) process.on("warning", listener);
  }
}

/** An error in a line, and below it the members of a group, without their stacks. */
export function errorTree(error: unknown): string {
  const members = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const branches = members.map((member, i) => {
    const [head = "", ...below] = errorTree(member).split("\n");
    const last = i === members.length - 1;
    return [`${last ? "└" : "├"} ${head}`, ...below.map((line) => `${last ? " " : "│"} ${line}`)];
  });
  return [String(error), ...branches.flat()].join("\n");
}

/** A line in pieces of at most `width` characters, each as far indented as the line. */
export function wrap(line: string, width: number): string[] {
  const [, indent = "", text = ""] = /^(\s*)(.*)$/.exec(line) ?? [];
  const pieces = [""];
  for (const word of text.split(" ")) {
    const piece = pieces.at(-1)!;
    const longer = piece === "" ? word : `${piece} ${word}`;
    if (piece === "" || indent.length + longer.length <= width) pieces[pieces.length - 1] = longer;
    else pieces.push(word);
  }
  return pieces.map((piece) => indent + piece);
}
