/** Groups, timeouts and shields inside one another, in every order. */

import { moveOnAfter, shield, sleep, taskGroup, timeout } from "joinery";
import type { Scenario, Stage } from "../stage.ts";

type Inside = () => Promise<unknown>;
type Block = (stage: Stage, inside: Inside) => Promise<unknown>;

const blocks: Record<string, Block> = {
  "a group": (stage, inside) =>
    taskGroup(async (group) => {
      group.createTask(stage.work("helper", 20, "tidies up"), { background: true });
      await inside();
    }),
  "a child": (_, inside) => taskGroup((group) => void group.createTask(inside)),
  "a timeout": (_, inside) => timeout(8, inside),
  "a move-on": (_, inside) => moveOnAfter(8, inside),
  "a shield": (_, inside) => shield(inside, { within: 8 }),
};

const contents: Record<string, (stage: Stage) => Inside> = {
  "work that takes too long": (stage) => stage.work("work", 40, "tidies up"),
  "work that fails": (stage) => stage.failure("work", 4),
};

function nestingsOf(outerName: string, innerName: string): [string, Scenario][] {
  const [outer, inner] = [blocks[outerName] as Block, blocks[innerName] as Block];
  return Object.entries(contents).map(([name, content]) => [
    `${name}, in ${innerName}, in ${outerName}`,
    async (stage) => {
      await outer(stage, () => inner(stage, content(stage)));
      await sleep(1);
    },
  ]);
}

const names = Object.keys(blocks);

export const nestings: Record<string, Scenario> = Object.fromEntries(
  names.flatMap((outer) =>
    names.flatMap((inner) => (inner === outer ? [] : nestingsOf(outer, inner))),
  ),
);
