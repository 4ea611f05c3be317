/** What the command line asks for. */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

const places = ["here", "threads", "bullmq", "restate"] as const;
type PlaceName = (typeof places)[number];

export interface Request {
  readonly on: PlaceName;
  readonly frames: number;
  readonly workers: number;
  readonly width: number;
  /** Whether one frame is to fail. */
  readonly fail: boolean;
  /** Whether to show the tree, and not a bar. */
  readonly tree: boolean;
  /** The folder for the pictures. */
  readonly out: string;
}

const help = `npm run render -- [options]

  --on PLACE    where frames are rendered: ${places.join(", ")} (default: threads)
  --frames N    how many (default: 500)
  --workers N   how many threads or processes (default: one for each core)
  --width N     of a frame, in pixels (default: 480)
  --fail        one of the frames is poisoned
  --tree        shows the tree of what is under way, in place of the bar
  --out FOLDER  where the pictures go (default: frames)
`;

const options = {
  on: { type: "string", default: "threads" },
  frames: { type: "string", default: "500" },
  workers: { type: "string", default: String(availableParallelism()) },
  width: { type: "string", default: "480" },
  fail: { type: "boolean", default: false },
  tree: { type: "boolean", default: false },
  out: { type: "string", default: "frames" },
  help: { type: "boolean", default: false },
} as const;

/** The request, or what is to be said instead. */
export function parseRequest(args: string[]): Request | string {
  try {
    const { values } = parseArgs({ args, options });
    if (values.help) return help;
    const on = places.find((place) => place === values.on);
    if (on === undefined) return `There is no place "${values.on}". ${help}`;
    const { fail, tree, out } = values;
    const [frames, workers, width] = [values.frames, values.workers, values.width].map(count);
    return { on, fail, tree, out, frames: frames!, workers: workers!, width: width! };
  } catch (error) {
    return `${(error as Error).message}\n\n${help}`;
  }
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`Expected a whole number from 1, got "${text}".`);
}
