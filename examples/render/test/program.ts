/** Programs as their users start them, and what becomes of what they started. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program that runs, and what it has said so far. */
export class Program {
  readonly #child: ChildProcess;
  #said = "";

  constructor(...args: string[]) {
    // In a group of its own, with all that it starts: Ctrl-C reaches all of them.
    const stdio = ["ignore", "pipe", "inherit"] as const;
    this.#child = spawn(process.execPath, args, { stdio: [...stdio], detached: true });
    this.#child.stdout!.on("data", (text) => (this.#said += String(text)));
  }

  /** The lines that it has said. */
  get lines(): string[] {
    return this.#said.trim().split("\n");
  }

  /** The ids in the lines that begin so: `workers: 12, 13`. */
  ids(title: string): number[] {
    const line = this.lines.find((text) => text.startsWith(`${title} `)) ?? "";
    return [...line.matchAll(/\d+/g)].map(Number);
  }

  /** Where its children run, each place as often as it was shown: `host/12`, `host/12, attempt 2`. */
  get places(): string[] {
    const shown = this.lines.map((line) => /waits for call "render on \w+ \((.+)\)"/.exec(line));
    return shown.flatMap((found) => found?.[1] ?? []);
  }

  pressCtrlC(): void {
    process.kill(-this.#child.pid!, "SIGINT");
  }

  /** Waits for what it is about to do. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#child.exitCode !== null) throw new Error(`It ended early: ${this.#said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Resolves with its exit code, when it is over. */
  async end(): Promise<number> {
    const [code] = (await once(this.#child, "close")) as [number];
    return code;
  }
}

/** What a program that refuses its arguments says, and its exit code. */
export async function refusalOf(...args: string[]): Promise<{ code: number; complaint: string }> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text) => (complaint += String(text)));
  const [code] = (await once(child, "close")) as [number];
  return { code, complaint };
}

/** Those of the processes that have not ended. */
export function alive(ids: readonly number[]): number[] {
  return ids.filter((id) => {
    try {
      return process.kill(id, 0);
    } catch {
      return false;
    }
  });
}
