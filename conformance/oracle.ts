/** CPython, to be asked what it does with a program. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { folder } from "./place.ts";

export interface Oracle {
  /** Of CPython: `3.14.2`. */
  readonly version: string;
  /** Gives each program to `run_program` of `python/<kind>.py`; resolves with the outcomes. */
  run(kind: string, programs: readonly unknown[]): Promise<unknown[]>;
  close(): Promise<void>;
}

/** A way to CPython: a line of JSON goes there, a line of JSON comes back, in order. */
interface Line {
  ask(request: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts CPython: the one of the npm package `pyodide`, or the program at `python`. */
export async function openOracle(options: { python?: string | undefined } = {}): Promise<Oracle> {
  const line = options.python === undefined ? await openWorker() : openProcess(options.python);
  const run = async (kind: string, programs: readonly unknown[]): Promise<unknown[]> =>
    JSON.parse(await line.ask(JSON.stringify({ kind, programs }))) as unknown[];
  const [version] = (await run("version", [null])) as [string];
  return { version, run, close: () => line.close() };
}

const pythonFolder = fileURLToPath(new URL("python/", folder));

async function openWorker(): Promise<Line> {
  const installer = new URL("../scripts/install-tools.mjs", folder).href;
  const { installTools } = (await import(installer)) as { installTools: (name: string) => string };
  const tools = `${installTools("conformance")}/`;
  const pyodide = new URL("node_modules/pyodide/pyodide.mjs", pathToFileURL(tools)).href;
  const worker = new Worker(new URL("oracle-worker.js", import.meta.url), {
    workerData: { pyodide, pythonFolder },
  });
  return answersInOrder(
    (answer, fail) => {
      worker.on("message", answer);
      worker.on("error", fail);
    },
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is a rule for windows
    (request) => worker.postMessage(request),
    async () => void (await worker.terminate()),
  );
}

function openProcess(python: string): Line {
  const child = spawn(python, ["-B", "-u", `${pythonFolder}serve.py`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  return answersInOrder(
    (answer, fail) => {
      createInterface({ input: child.stdout }).on("line", answer);
      child.on("error", fail);
      child.on("exit", (code) => fail(new Error(`${python} ended with ${code}`)));
    },
    (request) => void child.stdin.write(`${request}\n`),
    async () => {
      child.stdin.end();
      await ended;
    },
  );
}

function answersInOrder(
  listen: (answer: (text: string) => void, fail: (error: Error) => void) => void,
  send: (request: string) => void,
  close: () => Promise<void>,
): Line {
  const waiting: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  listen(
    (text) => waiting.shift()?.resolve(text),
    (error) => waiting.splice(0).forEach(({ reject }) => reject(error)),
  );
  const ask = (request: string): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      send(request);
    });
  return { ask, close };
}
