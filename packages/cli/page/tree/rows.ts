/** The lines of the tree: one for each scope, or for many that look alike. */

import type { ScopeSnapshot, Snapshot } from "joinery/observe";
import { titleOf } from "../model/life.ts";
import { stem } from "../parts/words.ts";

export interface Row {
  /** The same in the next snapshot. */
  readonly key: string;
  readonly depth: number;
  readonly title: string;
  /** One, or those that look alike. */
  readonly scopes: readonly [ScopeSnapshot, ...ScopeSnapshot[]];
  /** Whether there is something to open or close. */
  readonly canToggle: boolean;
  /** Of one scope: whether what is below it is shown. Of many: whether they are shown one by one. */
  readonly isOpen: boolean;
  /** How many scopes are below and not shown. */
  readonly hidden: number;
}

export interface RowOptions {
  /** The rows that are not as they are by default: one scope open, many together. */
  readonly toggled: ReadonlySet<string>;
  /** Only scopes that have this in their name or in what they wait for, with those around them. */
  readonly query: string;
}

/** Fewer that look alike are shown one by one. */
const many = 4;

type Scopes = Row["scopes"];
type Children = ReadonlyMap<number | null, readonly ScopeSnapshot[]>;

interface Pending {
  readonly scopes: Scopes;
  readonly depth: number;
  readonly key: string;
}

/** From the root down. With a list of its own and no recursion: trees may be deep. */
export function rowsOf({ scopes }: Pick<Snapshot, "scopes">, options: RowOptions): Row[] {
  const children = childrenOf(filter(scopes, options.query));
  const rows: Row[] = [];
  const pending = together(children.get(null) ?? [], 0, "").toReversed();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { row, below } = openRow(next, children, options);
    rows.push(row);
    for (const each of below.toReversed()) pending.push(each);
  }
  return rows;
}

function openRow(
  { scopes, depth, key }: Pending,
  children: Children,
  { toggled, query }: RowOptions,
): { row: Row; below: Pending[] } {
  const [first] = scopes;
  const inner = scopes.flatMap(({ id }) => children.get(id) ?? []);
  const isMany = scopes.length > 1;
  const isOpen = isMany ? toggled.has(key) : query !== "" || !toggled.has(key);
  const below = isMany && isOpen ? oneByOne(scopes, depth + 1) : together(inner, depth + 1, key);
  const title = isMany ? stem(titleOf(first)) : titleOf(first);
  const canToggle = isMany || inner.length > 0;
  const isClosed = !isMany && !isOpen;
  const hidden = isClosed ? countBelow(scopes, children) : 0;
  const row = { key, depth, title, scopes, canToggle, isOpen, hidden };
  return { row, below: isClosed ? [] : below };
}

function oneByOne(scopes: Scopes, depth: number): Pending[] {
  return scopes.map((scope) => ({ scopes: [scope], depth, key: `${scope.id}` }));
}

function together(scopes: readonly ScopeSnapshot[], depth: number, around: string): Pending[] {
  const byLook = new Map<string, [ScopeSnapshot, ...ScopeSnapshot[]]>();
  for (const scope of scopes) {
    const look = lookKey(scope);
    const alike = byLook.get(look);
    if (alike) alike.push(scope);
    else byLook.set(look, [scope]);
  }
  return [...byLook].flatMap(([look, alike]) =>
    alike.length < many
      ? oneByOne(alike, depth)
      : [{ scopes: alike, depth, key: `${around}/${look}` }],
  );
}

/** What scopes have in common that are shown as one. */
function lookKey({ kind, name, state, waits, cancellation }: ScopeSnapshot): string {
  const goals = waits.map((wait) => [wait.kind, wait.resource, stem(wait.label)]);
  return JSON.stringify([kind, stem(name), state, goals, cancellation]);
}

function childrenOf(scopes: readonly ScopeSnapshot[]): Children {
  const children = new Map<number | null, ScopeSnapshot[]>();
  for (const scope of scopes) {
    const siblings = children.get(scope.parent);
    if (siblings) siblings.push(scope);
    else children.set(scope.parent, [scope]);
  }
  return children;
}

function countBelow(scopes: readonly ScopeSnapshot[], children: Children): number {
  let found = 0;
  const pending = [...scopes];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const child of children.get(next.id) ?? []) {
      found++;
      pending.push(child);
    }
  }
  return found;
}

function filter(scopes: readonly ScopeSnapshot[], query: string): readonly ScopeSnapshot[] {
  if (query === "") return scopes;
  const kept = new Set<number>();
  // Each stands after the one around it: from the end on, those around are met later.
  for (const scope of scopes.toReversed()) {
    if (!kept.has(scope.id) && !matches(scope, query)) continue;
    kept.add(scope.id);
    if (scope.parent !== null) kept.add(scope.parent);
  }
  return scopes.filter(({ id }) => kept.has(id));
}

function matches(scope: ScopeSnapshot, query: string): boolean {
  const needle = query.toLowerCase();
  const words = [titleOf(scope), `#${scope.id}`, ...scope.waits.map(({ label }) => label)];
  return words.some((word) => word.toLowerCase().includes(needle));
}
