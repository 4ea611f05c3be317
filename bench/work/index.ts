/** The kinds of work, by the name that a row of the plan gives. Each measures one subject in a fresh process. */

import type { Subject } from "../subject.ts";
import { allocated } from "./allocated.ts";
import { awaits } from "./awaits.ts";
import { blocked } from "./blocked.ts";
import { cancel } from "./cancel.ts";
import { join } from "./join.ts";
import { limited } from "./limited.ts";
import { listeners } from "./listeners.ts";
import { nested } from "./nested.ts";
import type { Patience } from "./repeat.ts";
import { sleeping } from "./sleeping.ts";

/** Measures `subject` at `n`, in the unit that the row of the plan names. */
export type Work = (subject: Required<Subject>, n: number, patience: Patience) => Promise<number>;

export const works = {
  allocated,
  awaits,
  blocked,
  cancel,
  join,
  limited,
  listeners,
  nested,
  sleeping,
} satisfies Record<string, Work>;
