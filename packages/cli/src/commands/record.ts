/** `joinery record`: a program, and a file of all that happened in it. */

import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, messageOf } from "../failure.ts";
import { Program } from "../launch/program.ts";
import { chromeTrace } from "../trace/chrome.ts";
import { readTrace, type TraceHead, writeTrace } from "../trace/trace-file.ts";

export interface RecordOptions {
  output: string;
  format: "joinery" | "chrome";
}

/** Resolves with the exit status of the program, when the file has been written. */
export async function record(
  file: string,
  args: readonly string[],
  { output, format }: RecordOptions,
): Promise<number> {
  await expectWritable(output);
  const folder = await mkdtemp(join(tmpdir(), "joinery-"));
  try {
    const lines = join(folder, "lines");
    const startedAt = Date.now();
    const program = new Program(file, args, { record: lines }, "inherit");
    const status = await program.ended();
    const head: TraceHead = {
      pid: program.child.pid ?? 0,
      command: ["node", file, ...args].join(" "),
      runtime: `node ${process.versions.node}`,
      startedAt,
    };
    const trace = format === "joinery" ? output : join(folder, "trace.json");
    await writeTrace(lines, head, trace);
    if (format === "chrome")
      await writeFile(output, JSON.stringify(chromeTrace(await readTrace(trace))));
    console.error(`joinery: what happened is in ${output}`);
    return status;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Before the program has done its work for nothing. */
async function expectWritable(file: string): Promise<void> {
  try {
    await (await open(file, "a")).close();
  } catch (error) {
    throw new Failure(`The recording cannot be written: ${messageOf(error)}.`);
  }
}
