/** The tasks as a table. */

import Table from "cli-table3";
import type { Snapshot } from "joinery/observe";
import { duration, type Style } from "./style.ts";
import { Tasks, type TaskSnapshot, waitText } from "./tasks.ts";

export function taskTable(snapshot: Snapshot, style: Style): string {
  const tasks = new Tasks(snapshot);
  const observed = snapshot.observedFor !== null;
  const head = ["ID", "STATE", ...(observed ? ["AGE"] : []), "TASK", "WAITS FOR"];
  const table = columns(head.map((title) => style("dim", title)));
  for (const task of tasks.all) {
    const age = task.age === null ? "" : duration(task.age);
    const waits = task.waits.map((wait) => waitText(wait, tasks)).join(", ");
    table.push([
      String(task.id),
      stateText(task),
      ...(observed ? [age] : []),
      tasks.path(task),
      waits,
    ]);
  }
  return trimmed(table);
}

function stateText({ state, background }: TaskSnapshot): string {
  return background ? `${state} (background)` : state;
}

/** A table without lines. */
export function columns(head: string[]): Table.Table {
  const nothing = Object.fromEntries(sides.map((side) => [side, ""]));
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 2 };
  return new Table({ head, chars: nothing, style });
}

const corners = ["top", "bottom"].flatMap((edge) =>
  ["", "-mid", "-left", "-right"].map((at) => edge + at),
);
const sides = [...corners, "left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"];

export function trimmed(table: Table.Table): string {
  return table.toString().replaceAll(/ +$/gm, "");
}
