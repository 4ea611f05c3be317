/** The name of a scope, by which one gets to its details. */

import type { VNode } from "preact";
import { titleOf } from "../model/life.ts";
import { history, liveScopes, reveal, selected } from "../session.ts";
import { Glyph } from "./glyph.tsx";
import type { Look } from "./words.ts";

export function ScopeLink({ id, name }: { id: number; name?: string }): VNode {
  const life = history.value.now.lives.get(id);
  const title = name ?? (life ? titleOf(life) : `task-${id}`);
  return (
    <button
      class={`scope-link ${selected.value === id ? "is-selected" : ""}`}
      title={`Show ${title}, #${id}`}
      onClick={() => reveal(id)}
    >
      <Glyph look={lookOf(id)} />
      <span class="mono">{title}</span>
    </button>
  );
}

/** How a scope stands now, or how it ended. */
export function lookOf(id: number): Look {
  return liveScopes.value.get(id)?.state ?? history.value.now.lives.get(id)?.outcome ?? "done";
}
