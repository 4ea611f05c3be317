/** The lines of a tree: one for each scope, or for many that look alike. */

import type { ScopeSnapshot } from "./snapshot-format.ts";

/** A line of the tree. */
export interface Branch {
  readonly scopes: readonly ScopeSnapshot[];
  /** What is shown of them: the only one, or what they have in common. */
  readonly typical: ScopeSnapshot;
  readonly name: string;
  /** The lines that lead to it: `│  ├─ `. */
  readonly prefix: string;
}

/** Fewer that look alike are shown one by one. */
const many = 4;

export class Branches {
  readonly #children = new Map<number | null, ScopeSnapshot[]>();

  constructor(scopes: readonly ScopeSnapshot[]) {
    for (const scope of scopes) {
      const siblings = this.#children.get(scope.parent);
      if (siblings) siblings.push(scope);
      else this.#children.set(scope.parent, [scope]);
    }
  }

  /** From the root down. With a list of its own and no recursion: trees may be deep. */
  *[Symbol.iterator](): Generator<Branch, void, undefined> {
    const pending = this.#childrenOf(null).map((scopes) => ({ scopes, prefix: "", below: "" }));
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { scopes, prefix, below } = next;
      const [first] = scopes as [ScopeSnapshot];
      yield { scopes, prefix, ...lookOf(first, scopes.length) };
      for (const [i, inner] of this.#childrenOf(first.id).toReversed().entries()) {
        const [fork, rest] = i === 0 ? ["└─ ", "   "] : ["├─ ", "│  "];
        pending.push({ scopes: inner, prefix: below + fork, below: below + rest });
      }
    }
  }

  /** What is below the scope `id`, by line. */
  #childrenOf(id: number | null): ScopeSnapshot[][] {
    const byLook = new Map<string, ScopeSnapshot[]>();
    for (const scope of this.#children.get(id) ?? []) {
      const look = this.#children.has(scope.id) ? `${scope.id}` : lookKey(scope);
      const alike = byLook.get(look);
      if (alike) alike.push(scope);
      else byLook.set(look, [scope]);
    }
    return [...byLook.values()].flatMap((alike) =>
      alike.length < many ? alike.map((scope) => [scope]) : [alike],
    );
  }
}

/** What scopes have in common that are shown as one. */
function lookKey({ kind, name, state, waits, cancellation }: ScopeSnapshot): string {
  const goals = waits.map((wait) => [wait.kind, wait.resource, stem(wait.label)]);
  return JSON.stringify([kind, stem(name), state, goals, cancellation]);
}

function stem(name: string): string {
  return name.replaceAll(/\d+/g, "#");
}

function lookOf(scope: ScopeSnapshot, count: number): Pick<Branch, "typical" | "name"> {
  const { id, kind, name } = scope;
  const plain = kind === "task" || name === kind || name === `${kind}-${id}`;
  const title = plain ? name : `${kind} ${name}`;
  if (count === 1) return { typical: scope, name: title };
  const waits = scope.waits.map((wait) => ({ ...wait, timeLeft: null, age: null }));
  return { typical: { ...scope, age: null, timeLeft: null, waits }, name: stem(title) };
}
