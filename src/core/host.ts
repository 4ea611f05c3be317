/**
 * What the core asks of the process it runs in: signals, warnings, an exit. A page or an edge
 * runtime has none of them; there the functions do nothing, and warnings go to the console.
 */

import type { ErrorCode } from "./errors.ts";

export type HostSignal = "SIGINT" | "SIGTERM";

interface Process {
  on(signal: HostSignal, listener: () => void): void;
  off(signal: HostSignal, listener: () => void): void;
  exit(code: number): never;
  emitWarning?(text: string, options: { code: ErrorCode }): void;
  getBuiltinModule?(name: string): unknown;
  stdout?: { write(text: string, done: () => void): unknown };
}

// A page has no process.
/* v8 ignore start */
const host: Partial<Process> = (globalThis as { process?: Partial<Process> }).process ?? {};
/* v8 ignore stop */

/** A module of Node by name, or `undefined` where the runtime has none. */
export function builtinModule(name: string): unknown {
  return host.getBuiltinModule?.(name);
}

/** Says something that must not go unseen and has no caller to throw at. */
export function warn(code: ErrorCode, text: string): void {
  if (host.emitWarning) host.emitWarning(text, { code });
  // oxlint-disable-next-line no-console -- the last resort of a runtime without process warnings
  else console.warn(`[${code}] ${text}`);
}

/** Calls `listener` for every SIGINT and SIGTERM until the returned function is called. */
export function onTerminate(listener: (signal: HostSignal) => void): () => void {
  const subscriptions = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const heard = (): void => listener(signal);
    host.on?.(signal, heard);
    return () => host.off?.(signal, heard);
  });
  return () => subscriptions.forEach((unsubscribe) => unsubscribe());
}

/** Ends the process as a shell expects it of one that was stopped by `signal`. */
export function exitBySignal(signal: HostSignal): void {
  host.exit?.(signal === "SIGINT" ? 130 : 143);
}

/** Resolves once what was written to standard output has left the process. */
export function outputFlushed(): Promise<void> {
  return new Promise((resolve) => {
    if (host.stdout) host.stdout.write("", () => resolve());
    else resolve();
  });
}

interface Events {
  setMaxListeners?(n: number, target: AbortSignal): void;
}

const events = builtinModule("node:events") as Events | undefined;

/** Node 20 warns at the eleventh listener; a scope's signal has one for every call that it is given to. */
export function allowManyListeners(signal: AbortSignal): void {
  events?.setMaxListeners?.(0, signal);
}
