/** Real programs, and the command `joinery` as a user calls it. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}.mjs`, import.meta.url));
}

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What no test may take from the environment of whoever runs it. */
const environment = {
  ...process.env,
  NODE_OPTIONS: "",
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
};

/** `joinery ...args`, with its output in pipes. */
export function joinery(...args: (string | number)[]): Promise<Ended> {
  return command(process.execPath, [main, ...args.map(String)]);
}

export function command(file: string, args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const settings = {
      env: environment,
      timeout: 20_000,
      killSignal: "SIGKILL",
    } as const;
    const child = execFile(file, args, settings, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** The same on a terminal, 100 columns wide and 30 lines high. */
export function onTerminal(...args: (string | number)[]): Terminal {
  const line = ["stty cols 100 rows 30; exec", process.execPath, main, ...args].join(" ");
  return new Terminal(
    spawn("script", ["-qec", line, "/dev/null"], { env: { ...environment, TERM: "xterm" } }),
  );
}

/** `joinery ...args` while it runs, with its output in a pipe. */
export function inPipes(...args: (string | number)[]): Terminal {
  return new Terminal(spawn(process.execPath, [main, ...args.map(String)], { env: environment }));
}

class Terminal {
  readonly #child: ChildProcess;
  output = "";
  #heard: () => void = () => {};

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.#heard();
    });
    killWhenFinished(child);
  }

  /** Resolves when `text` has been written so many times. */
  async shows(text: string, times = 1): Promise<void> {
    while (this.output.split(text).length <= times)
      await new Promise<void>((resolve) => (this.#heard = resolve));
  }

  press(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** Resolves with the status of the command. */
  async ended(): Promise<number> {
    if (this.#child.exitCode === null) await once(this.#child, "close");
    return this.#child.exitCode as number;
  }
}

/** A program that has said that it is ready, and is gone when the test is over. Its inspector would open at any port. */
export async function program(name: string, ...execArgv: string[]): Promise<Running> {
  const args = ["--inspect-port=0", ...execArgv, name.includes("/") ? name : fixture(name)];
  return running(process.execPath, args);
}

export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it has written to standard error. */
  readonly errors: () => string;
}

export async function running(file: string, args: string[]): Promise<Running> {
  const child = spawn(file, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  killWhenFinished(child);
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  await once(createInterface({ input: child.stdout }), "line");
  return { pid: child.pid as number, child, errors: () => text };
}

function killWhenFinished(child: ChildProcess): void {
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  });
}
