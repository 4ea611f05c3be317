/** Which task an error came from. Kept beside the errors: an error of the user is never written to. */

const paths = new WeakMap<object, string>();

/** Notes that `error` came out of the task at `path` (`"main › worker-1"`). The first path wins: it is the innermost. */
export function rememberTaskPath(error: unknown, path: string): void {
  if (typeof error !== "object" || error === null || paths.has(error)) return;
  paths.set(error, path);
}

/** The path noted for `error`, if there is one. */
export function taskPathOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null ? paths.get(error) : undefined;
}
