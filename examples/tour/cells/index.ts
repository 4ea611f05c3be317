/** The cells of the tour, in order. */

import backgroundTask from "./01-background-task.ts";
import gather from "./02-gather.ts";
import taskGroup from "./03-task-group.ts";
import groupAfterGroup from "./04a-group-after-group.ts";
import nestedGroups from "./04b-nested-groups.ts";
import gatherAborts from "./05-gather-aborts.ts";
import groupAborts from "./06-group-aborts.ts";
import subgroup from "./07-subgroup.ts";
import exceptStar from "./08-except-star.ts";
import allByName from "./09a-all-by-name.ts";
import timeout from "./09b-timeout.ts";
import swallowedCancel from "./09c-swallowed-cancel.ts";

/** A cell: its place in the tour, and what its file exports. */
export interface Cell {
  readonly id: string;
  /** The name of its file in this folder. */
  readonly file: string;
  readonly cell: () => Promise<void>;
  readonly title: string;
  /** What to look at. */
  readonly see: string;
  /** What it has to print, `…` being any text; an error that comes out of `cell` is printed, too. */
  readonly prints: readonly string[];
  /** How its tasks have to end, in this order. */
  readonly ends?: readonly string[];
}

export const cells: readonly Cell[] = [
  { id: "1", file: "01-background-task.ts", ...backgroundTask },
  { id: "2", file: "02-gather.ts", ...gather },
  { id: "3", file: "03-task-group.ts", ...taskGroup },
  { id: "4a", file: "04a-group-after-group.ts", ...groupAfterGroup },
  { id: "4b", file: "04b-nested-groups.ts", ...nestedGroups },
  { id: "5", file: "05-gather-aborts.ts", ...gatherAborts },
  { id: "6", file: "06-group-aborts.ts", ...groupAborts },
  { id: "7", file: "07-subgroup.ts", ...subgroup },
  { id: "8", file: "08-except-star.ts", ...exceptStar },
  { id: "9a", file: "09a-all-by-name.ts", ...allByName },
  { id: "9b", file: "09b-timeout.ts", ...timeout },
  { id: "9c", file: "09c-swallowed-cancel.ts", ...swallowedCancel },
];
