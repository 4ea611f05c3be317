import { ExceptionGroup } from "joinery";

/** The single errors in what was thrown. */
export function leavesOf(error: unknown): unknown[] {
  if (error instanceof ExceptionGroup) return [...error];
  return error === undefined ? [] : [error];
}
