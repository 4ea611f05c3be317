/** Values of the program as short text: a snapshot holds no reference to them. */

const longest = 200;

/** Not longer than a line that one reads. */
export function clip(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** A reason or an error as text, or `null` if there is none. */
export function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === "function") return clip(`function ${value.name}`);
  if (typeof value !== "object" || value === null) {
    // oxlint-disable-next-line typescript/no-base-to-string -- it is a primitive
    return clip(String(value));
  }
  try {
    const { name, message } = value as Partial<Error>;
    if (typeof message === "string") return clip(`${name}: ${message}`);
    return Object.prototype.toString.call(value);
  } catch {
    return "an object that throws when it is read";
  }
}

/** A time as one reads it: `850 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
