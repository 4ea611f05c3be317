/** All scenarios, by topic, with what each may leave behind at the edge of its block. */

import type { Leaving } from "./audit.ts";
import { cleanups } from "./scenarios/cleanups.ts";
import { combinators, severalMore } from "./scenarios/combinators.ts";
import { groupsOfCrews } from "./scenarios/crews.ts";
import { abandoned, signalled } from "./scenarios/foreign.ts";
import { groupHandles } from "./scenarios/handles.ts";
import { iterations } from "./scenarios/iterations.ts";
import { nestings } from "./scenarios/nesting.ts";
import { reactions } from "./scenarios/reactions.ts";
import { streams } from "./scenarios/streams.ts";
import { tasksOfTheRun } from "./scenarios/tasks-of-the-run.ts";
import { timeouts } from "./scenarios/timeouts.ts";
import { waits } from "./scenarios/waiting.ts";
import type { Scenario } from "./stage.ts";

export interface Entry {
  readonly name: string;
  readonly scenario: Scenario;
  readonly leaving: Leaving;
}

function entries(scenarios: Record<string, Scenario>, leaving: Leaving = "nothing"): Entry[] {
  return Object.entries(scenarios).map(([name, scenario]) => ({ name, scenario, leaving }));
}

/** Blocks and what they do to each other. */
export const blocks: readonly Entry[] = [
  ...entries(groupsOfCrews),
  ...entries(groupHandles),
  ...entries(nestings),
  ...entries(timeouts),
  ...entries(cleanups),
];

/** Loops over sources, with work beside them. */
export const loops: readonly Entry[] = entries(iterations);

/** Waits for several things, for the things of others, and for errors. */
export const waitsAndCalls: readonly Entry[] = [
  ...entries(combinators, "ghosts"),
  ...entries(severalMore),
  ...entries(waits),
  ...entries(tasksOfTheRun, "tasks"),
  ...entries(signalled),
  ...entries(abandoned, "ghosts"),
  ...entries(reactions),
  ...entries(streams),
];
