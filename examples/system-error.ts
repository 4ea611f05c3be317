/** An error of the system, such as a file that is not there: its message is enough, nobody needs the stack. */
export function isSystemError(error: Error): error is NodeJS.ErrnoException {
  return "syscall" in error;
}
