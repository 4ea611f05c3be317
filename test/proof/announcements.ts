/** What the process was told because nobody was there to throw at: its warnings and unhandled rejections. */

import { vi } from "vitest";
import { turn } from "../support/turn.ts";

export interface Announcements {
  /** `CODE: text` */
  readonly warnings: readonly string[];
  readonly rejections: readonly unknown[];
}

let warnings: string[] = [];
let rejections: unknown[] = [];

process.on("unhandledRejection", (reason) => rejections.push(reason));

function keep(text: string | Error, options?: unknown): void {
  warnings.push(`${(options as { code?: string } | undefined)?.code}: ${String(text)}`);
}

/** From here on joinery's warnings are kept instead of printed. Returns what puts an end to it. */
export function keepWarnings(): () => void {
  const spy = vi.spyOn(process, "emitWarning").mockImplementation(keep);
  return () => spy.mockRestore();
}

/** All since the last call. */
export async function takeAnnouncements(): Promise<Announcements> {
  await turn(1);
  const taken = { warnings, rejections };
  warnings = [];
  rejections = [];
  return taken;
}
