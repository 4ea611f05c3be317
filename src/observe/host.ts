/** What this layer asks of the process that it runs in. A page has none of it. */

interface Process {
  readonly pid?: number;
  readonly versions?: Partial<Record<"bun" | "deno" | "node", string>>;
}

const host: Process = (globalThis as { process?: Process }).process ?? {};

export const pid: number | null = host.pid ?? null;

/** Name and version of the runtime. Bun and Deno say that they are a Node as well. */
export const runtime: string = nameRuntime(host.versions ?? {});

function nameRuntime(versions: NonNullable<Process["versions"]>): string {
  for (const name of ["bun", "deno", "node"] as const)
    if (versions[name]) return `${name} ${versions[name]}`;
  return "a page";
}
