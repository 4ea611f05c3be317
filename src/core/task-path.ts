/** Which task an error came from. Kept beside the errors: an error of the user is never written to. */
import { isError } from "./errors.ts";

const paths = new WeakMap<Error, string>();

/** Notes that `error` came out of the task at `path` (`"main › worker-1"`). The first path wins: it is the innermost. */
export function rememberTaskPath(error: unknown, path: string): void {
  if (isError(error) && !paths.has(error)) paths.set(error, path);
}

/** The path noted for `error`, if there is one. */
export function taskPathOf(error: Error): string | undefined {
  return paths.get(error);
}
