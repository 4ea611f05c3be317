/** What this layer asks of the process that it runs in. A page has none of it. */

interface Process {
  readonly pid?: number;
  readonly platform?: string;
  readonly versions?: Partial<Record<"bun" | "deno" | "node", string>>;
  getBuiltinModule?(name: string): unknown;
  on?(signal: string, listener: () => void): void;
  off?(signal: string, listener: () => void): void;
}

// A page has no process.
/* v8 ignore start */
const host: Process = (globalThis as { process?: Process }).process ?? {};

export const pid: number | null = host.pid ?? null;
/* v8 ignore stop */

/** Name and version of the runtime. Bun and Deno say that they are a Node as well. */
export const runtime: string = nameRuntime(host.versions);

export function nameRuntime(versions: Process["versions"]): string {
  for (const name of ["bun", "deno", "node"] as const)
    if (versions?.[name]) return `${name} ${versions[name]}`;
  return "a page";
}

/** A module of Node by name, or `undefined` where the runtime has none. */
export function builtinModule(name: string): unknown {
  return host.getBuiltinModule?.(name);
}

/** Calls `listener` for every `signal` of the process, until the returned function is called. */
export function onSignal(signal: string, listener: () => void): () => void {
  // On Windows a listener for a signal that it does not have is an error.
  if (host.platform === "win32") return () => {};
  host.on?.(signal, listener);
  return () => host.off?.(signal, listener);
}

/** Calls `look` every `ms` milliseconds until the returned function is called; does not keep the program alive. */
export function keepOnTurning(look: () => void, ms: number): () => void {
  const timer = setInterval(look, ms) as { unref?(): void };
  timer.unref?.();
  return () => clearInterval(timer);
}
