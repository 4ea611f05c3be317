/** Stacks without joinery's own code. */

/** Where all of joinery is; nowhere in a bundle, which is one file with the program in it. */
const ownFolder = /\/\/.*?(\/.*\/)core\/frames\./.exec(String(import.meta.url))?.[1];

/**
 * The frames of the program in the stack of `at`, innermost first, each as the engine writes it
 * (`at function (file:line:column)`): without those of joinery and of the runtime, and without the first, which
 * made the error. All of them where the program is one file with joinery in it.
 *
 * @example
 * ```ts
 * import { programFrames } from "joinery";
 *
 * function here(): Error {
 *   return new Error("here");
 * }
 * function caller(): Error {
 *   return here();
 * }
 * console.log(programFrames(caller())[0]?.startsWith("at caller")); // true
 * ```
 */
export function programFrames(at: Error): string[] {
  const all = String(at.stack).split("\n").slice(2);
  const ofProgram = all.filter(
    (line) => !(ownFolder && line.includes(ownFolder)) && !line.includes("node:internal"),
  );
  return (ofProgram.length > 0 ? ofProgram : all).map((line) => line.trim());
}
