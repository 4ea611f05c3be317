/** A program as text that people read. */

import type { Act, Program, Step, Use } from "./program.ts";

export function print({ primitives, tasks, cancels }: Program): string {
  const made = primitives.map(({ kind, size }, on) => `${on} = ${kind}(${size})`);
  const bodies = tasks.flatMap((steps, index) => [`task ${index + 1}:`, ...block(steps)]);
  return [
    ...made,
    ...bodies,
    ...cancels.map(({ at, task }) => `at ${at}: cancel task ${task}`),
  ].join("\n");
}

function block(steps: readonly Step[]): string[] {
  const lines = steps.length === 0 ? ["nothing"] : steps.flatMap(step);
  return lines.map((line) => `  ${line}`);
}

function step(node: Step): string[] {
  const number = String(node.id).padStart(3);
  if (node.op === "sleep") return [`${number} sleep ${node.ms}`];
  if (node.op === "raise") return [`${number} raise A`];
  if (node.op === "with")
    return [`${number} with ${node.on}:`, ...block(node.body).map((line) => `  ${line}`)];
  const { acts, wait, within } = node;
  const limit = within === null ? "" : ` within ${within}`;
  const words = [...acts.map(text), ...(wait ? [`await ${text(wait)}${limit}`] : [])];
  return [`${number} ${words.join("; ") || "nothing"}`];
}

const takesItem = new Set(["put", "putNowait", "notify", "waitFor"]);

function text(act: Act | Use): string {
  if (!("on" in act)) return `cancel task ${act.task}`;
  return `${act.on}.${act.verb}(${takesItem.has(act.verb) ? act.item : ""})`;
}
