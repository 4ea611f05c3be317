/** Every kind of program that is compared. */

import { groups } from "./groups/kind.ts";
import type { Kind } from "./kind.ts";
import { primitives } from "./primitives/kind.ts";
import { tasks } from "./tasks/kind.ts";

export const kinds: readonly Kind<unknown>[] = [tasks, groups, primitives];

export function kindNamed(name: string): Kind<unknown> {
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined) throw new TypeError(`There is no kind of programs "${name}"`);
  return kind;
}
