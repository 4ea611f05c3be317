/** A process, as the system shows it to others. */

export interface RunningProcess {
  readonly pid: number;
  /** The user that it belongs to. */
  readonly owner: number;
  /** The port at which its inspector opens, if it was not told otherwise while it ran; 0 for any. */
  readonly inspectorPort: number;
  /** Where it listens, and can be reached from this machine; `undefined` if the system does not tell. */
  listeners(): readonly Listener[] | undefined;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
}

const ownInspector = /^--(?:inspect(?:-brk|-wait|-port)?|debug-port)=(?:.*:)?(\d+)$/;

/** The port that the options of Node say; the last one counts. */
export function inspectorPortOf(options: readonly string[]): number {
  const said = options.flatMap((option) => ownInspector.exec(option)?.[1] ?? []);
  return Number(said.at(-1) ?? 9229);
}

/** `/usr/bin/node`, `nodejs`, `node-22`. */
export function isNode(program: string): boolean {
  return /^node(?:js)?[\d.-]*$/.test(program);
}

export const refusals = {
  gone: (pid: number) => `There is no process ${pid}.`,
  foreign: (pid: number, owner: number) =>
    `Process ${pid} belongs to another user (uid ${owner}): only that user and root can look at it.`,
  hidden: (pid: number) =>
    `Process ${pid} is not shown to this user: it has changed its own, or has more rights. Try again as root.`,
  stopped: (pid: number) => `Process ${pid} is stopped. Let it go on with: kill -CONT ${pid}`,
  noNode: (pid: number, program: string): string =>
    /^(?:bun|deno)$/.test(program)
      ? `Process ${pid} is run by ${program}, which opens no inspector when it is asked to.` +
        ` If the program has called printTreeOnSignal() of joinery/observe, kill -USR2 ${pid} makes it print its tree.`
      : `Process ${pid} is ${program}, and no Node: only Node opens its inspector when it is asked to.`,
  deaf: (pid: number) =>
    `Process ${pid} does not react to SIGUSR1: it has only just started, or runs with --disable-sigusr1.`,
  elsewhere: (pid: number) => `Process ${pid} is in another container: run joinery inside of it.`,
};
