import { expectOptions } from "../core/arguments.ts";
import { onSignal } from "./host.ts";
import { snapshot } from "./snapshot.ts";
import { expectTreeTextOptions, treeText, type TreeTextOptions } from "./tree-text.ts";

/**
 * Prints the live tree to standard error whenever the process gets SIGUSR2, with the line where each task waits:
 * `kill -USR2 PID`.
 *
 * Ends when the returned function is called. Does not keep the program alive. Windows has no such signal; there,
 * and on a runtime without signals, it does nothing.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`) as {@link treeText} does.
 *
 * @example
 * ```ts
 * import { run, sleep } from "joinery";
 * import { printTreeOnSignal } from "joinery/observe";
 *
 * const stop = printTreeOnSignal();
 * await run(() => sleep(10)); // the program
 * stop();
 * ```
 *
 * Idea: the JVM's thread dump on SIGQUIT.
 */
export function printTreeOnSignal(options: TreeTextOptions = {}): () => void {
  expectOptions(options as object);
  expectTreeTextOptions(options);
  return onSignal("SIGUSR2", () => void print(options));
}

async function print(options: TreeTextOptions): Promise<void> {
  // oxlint-disable-next-line no-console -- whoever sends the signal looks at what the program prints
  console.error(treeText(await snapshot({ stacks: true, frames: 1 }), options));
}
