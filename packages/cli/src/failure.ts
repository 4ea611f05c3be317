/** What the user does not get, and why, as one line: the command says it and ends with a status other than 0. */
export class Failure extends Error {
  override readonly name: string = "Failure";
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
