/** Color, where there is somebody to see it. */

import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

export type Style = (format: Format, text: string) => string;

const plain: Style = (_, text) => text;

/** Colors for a terminal, unless NO_COLOR says otherwise. */
export function styleFor(stream: { isTTY?: boolean }): Style {
  return stream.isTTY && !process.env["NO_COLOR"] ? styleText : plain;
}

/** `text` without what would move the cursor: names are the program's. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\uFFFD");
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
