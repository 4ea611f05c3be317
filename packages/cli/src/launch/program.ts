/** A program that joinery starts. */

import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Event } from "joinery/sync";
import { Failure } from "../failure.ts";
import { type Duty, type Modules, orderVariable } from "./order.ts";

export class Program {
  readonly child: ChildProcess;
  readonly #ended: Event = new Event({ name: "the program ends" });
  #status = 0;
  readonly #stopPassing: () => void;

  /**
   * Starts `file` with Node. Throws {@link Failure} if there is no such file, or if it would not find joinery.
   */
  constructor(file: string, args: readonly string[], duty: Duty, stdio: StdioOptions) {
    const order = JSON.stringify({ ...modulesFor(file), ...duty });
    const preload = new URL("preload.js", import.meta.url).href;
    this.child = spawn(process.execPath, ["--import", preload, file, ...args], {
      stdio,
      env: { ...process.env, [orderVariable]: order },
    });
    this.child.on("exit", (code, signal) => {
      this.#status = code ?? 128 + constants.signals[signal as NodeJS.Signals];
    });
    this.child.on("error", ({ message }) => {
      this.#status = 127;
      console.error(`joinery: ${message}`);
      this.#ended.set();
    });
    this.child.on("close", () => this.#ended.set());
    this.#stopPassing = passSignals(this.child);
  }

  /** Resolves with its exit status when it has ended, and what it wrote has come. */
  async ended(): Promise<number> {
    await this.#ended.wait();
    this.#stopPassing();
    return this.#status;
  }
}

/** The very modules that the program at `file` will load. */
function modulesFor(file: string): Modules {
  if (!existsSync(file)) throw new Failure(`There is no file ${file}.`);
  const { resolve: find } = createRequire(resolve(file));
  try {
    const [core, observe] = [find("joinery"), find("joinery/observe")];
    return { core: pathToFileURL(core).href, observe: pathToFileURL(observe).href };
  } catch {
    throw new Failure(
      `${file} has no joinery: there is no such package where it would look for it.`,
    );
  }
}

/**
 * Hands on what asks this process to end: the program decides what becomes of it, and this one ends with it.
 * A terminal sends SIGINT to both by itself, and two would end the program at once.
 */
function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of passed) process.on(signal, pass);
  return () => {
    for (const signal of passed) process.off(signal, pass);
  };
}

const passed = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
