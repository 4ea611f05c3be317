import { parseArgs } from "node:util";

export interface ClusterArguments {
  readonly engine: string;
  readonly workers: number;
  readonly frames: number;
  readonly fail: boolean;
}

export const help = `npm run cluster -- --engine restate --workers 3

Starts a server of the engine, workers, and a program whose children run in them; shows its tree, and ends
them all when it is over. Ctrl-C cancels the program, and ends them too.

  --engine NAME   which engine
  --workers N     how many worker processes (default: 3)
  --frames N      how many children the program has (default: 30)
  --fail          one of the children throws
`;

/** `undefined` if it is help that is asked for. Throws an error that says what is wrong; `engines` are those that there are. */
export function clusterArguments(
  args: string[],
  engines: readonly string[],
): ClusterArguments | undefined {
  const { values } = parseArgs({
    args,
    options: {
      engine: { type: "string" },
      workers: { type: "string", default: "3" },
      frames: { type: "string", default: "30" },
      fail: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { engine } = values;
  if (engine === undefined || !engines.includes(engine))
    throw new Error(`--engine takes ${engines.join(" or ")}, and not ${engine ?? "nothing"}.`);
  return {
    engine,
    workers: count("--workers", values.workers),
    frames: count("--frames", values.frames),
    fail: values.fail,
  };
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${option} takes a whole number from 1, and not ${text}.`);
}
