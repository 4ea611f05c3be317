import { liveScopes } from "../core/index.ts";

/** The tree as it is now, as text. */
export function treeNow(): string {
  const depths = new Map<number | undefined, number>([[undefined, -1]]);
  const lines: string[] = [];
  for (const { id, kind, name, parent, waits } of liveScopes()) {
    const depth = (depths.get(parent) as number) + 1;
    depths.set(id, depth);
    const labels = waits.map(({ label }) => label).join(", ");
    lines.push(`${"  ".repeat(depth)}${kind} "${name}"${labels && `: waits for ${labels}`}`);
  }
  return lines.join("\n");
}
