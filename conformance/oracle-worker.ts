/** CPython in a thread of its own: a message is a line of JSON, and so is the answer. */

import { type MessagePort, parentPort, workerData } from "node:worker_threads";

/** What is used of the npm package `pyodide`. */
interface Python {
  runPython(code: string): unknown;
  mountNodeFS(where: string, folder: string): void;
}

const { pyodide, pythonFolder } = workerData as { pyodide: string; pythonFolder: string };
const { loadPyodide } = (await import(pyodide)) as { loadPyodide: () => Promise<Python> };

const python = await loadPyodide();
python.mountNodeFS("/conformance", pythonFolder);
const answer = python.runPython(`
import asyncio, sys
asyncio.events._set_running_loop(None)  # that of the page, which a browser would have
sys.path.insert(0, "/conformance")
sys.dont_write_bytecode = True
from serve import answer
answer
`) as (request: string) => string;
const port = parentPort as MessagePort;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is a rule for windows
port.on("message", (request: string) => port.postMessage(answer(request)));
