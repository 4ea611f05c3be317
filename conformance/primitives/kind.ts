/** Programs of primitives, compared with asyncio. */

import type { Kind } from "../kind.ts";
import { turns, VirtualClock } from "../virtual-clock.ts";
import { Conductor } from "./conductor.ts";
import { explain } from "./explain.ts";
import { program } from "./generate.ts";
import { interpret, type PrimitivesOutcome } from "./interpret.ts";
import { print } from "./print.ts";
import type { Program } from "./program.ts";

/** What is said of a program that never ends. */
const hangs = { hangs: true };

export const primitives: Kind<Program> = {
  name: "primitives",
  arbitrary: program,
  run: (programs) => Promise.all(programs.map(run)),
  explain,
  print,
};

/** Turns of the event loop after which nothing happens any more, unless somebody is let go on. */
const quietTurns = 6;

/** On a clock of its own. */
async function run(each: Program): Promise<PrimitivesOutcome | typeof hangs> {
  const clock = new VirtualClock();
  const conductor = new Conductor();
  let outcome: PrimitivesOutcome | undefined;
  void interpret(each, clock, conductor).then((found) => (outcome = found));
  do await turns(quietTurns);
  while (conductor.proceed() || clock.jump());
  return outcome ?? hangs;
}
