import { on } from "joinery";

/** A clause for errors of the system, such as a file that is not there: their message is enough, nobody needs the stack. */
export const onSystemError = on(isSystemError, (group) => {
  process.exitCode = 1;
  for (const { message } of group) console.log(message);
});

function isSystemError(error: Error): error is NodeJS.ErrnoException {
  return "syscall" in error;
}
