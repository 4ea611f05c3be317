import { join } from "node:path";
import { Program } from "../../test/core/fixtures/program.ts";

const programs = join(import.meta.dirname, "..", "dist");

/** Starts a program of the examples, as it was built. */
export function start(path: string, ...args: string[]): Program {
  return new Program(join(programs, path), ...args);
}

/** Runs it to its end. */
export function play(path: string, ...args: string[]): Program["ended"] {
  return start(path, ...args).ended;
}
