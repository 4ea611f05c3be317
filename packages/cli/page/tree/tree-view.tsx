import { computed, type ReadonlySignal } from "@preact/signals";
import type { ScopeSnapshot } from "joinery/observe";
import type { VNode } from "preact";
import { Glyph } from "../parts/glyph.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { count, goal, lookWords, span } from "../parts/words.ts";
import { liveScopes, query, reveal, selected, snapshot, toggle, toggledRows } from "../session.ts";
import { type Row, rowsOf } from "./rows.ts";

const rowHeight = 24;
/** What is deeper is not indented any more. */
const deepest = 30;

export const rows: ReadonlySignal<readonly Row[]> = computed(() => {
  const now = snapshot.value;
  return now ? rowsOf(now, { toggled: toggledRows.value, query: query.value }) : [];
});

/** The row of the selected scope; the first of those that are shown together. */
export function currentRow(): number {
  const id = selected.value;
  const own = rows.value.findIndex(({ scopes }) => scopes.length === 1 && scopes[0].id === id);
  if (own >= 0) return own;
  return rows.value.findIndex(({ scopes }) => scopes.some((scope) => scope.id === id));
}

export function TreeView(): VNode {
  const now = snapshot.value;
  if (!now) return <p class="empty">Nothing to show yet.</p>;
  const current = currentRow();
  const shown = rows.value;
  if (shown.length === 0) return <p class="empty">Nothing matches “{query.value}”.</p>;
  return (
    <div class="tree">
      <div class="columns tree-grid" aria-hidden="true">
        <span>Scope</span>
        <span>Waits for</span>
        <span class="right">Age</span>
      </div>
      <VirtualList
        count={shown.length}
        rowHeight={rowHeight}
        role="tree"
        label="Scopes and tasks"
        current={current}
        row={(index) => <TreeRow row={shown[index] as Row} isCurrent={index === current} />}
      />
      <Leftovers />
    </div>
  );
}

function TreeRow({ row, isCurrent }: { row: Row; isCurrent: boolean }): VNode {
  const { scopes, title, depth, canToggle, isOpen, hidden, key } = row;
  const [first] = scopes;
  const isMany = scopes.length > 1;
  return (
    <div
      class={`tree-row tree-grid ${isCurrent ? "is-selected" : ""}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isCurrent}
      {...(canToggle ? { "aria-expanded": isOpen } : {})}
      onClick={() => reveal(first.id)}
      onDblClick={() => canToggle && toggle(toggledRows, key)}
    >
      <span class="name" style={{ paddingLeft: `${Math.min(depth, deepest) * 16}px` }}>
        {canToggle ? (
          <button
            class={`chevron ${isOpen ? "is-open" : ""}`}
            tabIndex={-1}
            aria-label={chevronLabel(isMany, isOpen)}
            title={chevronLabel(isMany, isOpen)}
            onClick={(event) => {
              event.stopPropagation();
              toggle(toggledRows, key);
            }}
          />
        ) : (
          <span class="chevron is-none" />
        )}
        <Glyph look={first.state} />
        <span class="mono title">{title}</span>
        {isMany && <span class="times">× {count(scopes.length)}</span>}
        {hidden > 0 && <span class="dim">{count(hidden)} below</span>}
      </span>
      <span class="doing">
        <Doing scope={first} isMany={isMany} />
      </span>
      <span class="age mono">{isMany ? "" : ageOf(first)}</span>
    </div>
  );
}

function chevronLabel(isMany: boolean, isOpen: boolean): string {
  if (isMany) return isOpen ? "Show together" : "Show one by one";
  return isOpen ? "Close" : "Open";
}

function ageOf({ age }: ScopeSnapshot): string {
  return age === null ? "" : span(age);
}

/** What a scope does, in a line. */
function Doing({ scope, isMany }: { scope: ScopeSnapshot; isMany: boolean }): VNode {
  const { state, waits, background, timeLeft } = scope;
  const saysItself = state === "waiting" || state === "open";
  return (
    <>
      {!saysItself && <span class={`state look-${state}`}>{lookWords[state]}</span>}
      {waits.map((wait) => (
        <span key={`${wait.scope} ${wait.kind} ${wait.label}`}>
          {goal(isMany ? { ...wait, timeLeft: null } : wait)}
          <Holders kind={wait.kind} tasks={wait.tasks} />
          {!isMany && wait.age !== null && wait.timeLeft === null && (
            <span class="dim"> for {span(wait.age)}</span>
          )}
        </span>
      ))}
      <CancelledBy scope={scope} />
      {!isMany && timeLeft !== null && (
        <span class="tag">{timeLeft < 0 ? "deadline passed" : `${span(timeLeft)} left`}</span>
      )}
      {background && <span class="tag">background</span>}
    </>
  );
}

/** The tasks that have what is waited for, where the label does not name them. */
function Holders({ kind, tasks }: { kind: string; tasks: readonly number[] }): VNode | null {
  if (tasks.length === 0 || kind === "task" || kind === "children") return null;
  const names = tasks.slice(0, 3).map((id) => nameOf(id));
  const more = tasks.length > names.length ? ` and ${tasks.length - names.length} more` : "";
  const lead = kind === "tasks" ? ": " : ", held by ";
  return (
    <>
      {lead}
      <span class="holder">
        {names.join(", ")}
        {more}
      </span>
    </>
  );
}

function nameOf(id: number): string {
  return liveScopes.value.get(id)?.name ?? `task-${id}`;
}

function CancelledBy({ scope }: { scope: ScopeSnapshot }): VNode | null {
  const cancellation = snapshot.value?.cancellations.find(({ id }) => id === scope.cancellation);
  if (!cancellation) return null;
  const told = cancellation.pending.find(({ id }) => id === scope.id)?.timesTold ?? 0;
  if (told > 1) return <span class="tag is-bad">caught it {told} times</span>;
  if (!scope.absorbs) return null;
  const { by, reason, source, age } = cancellation;
  return (
    <span class="tag is-warm">
      cancelled {span(age)} ago by {by ?? source}
      {reason === null ? "" : `: ${reason}`}
    </span>
  );
}

/** What the program has left behind, and what is not shown. */
function Leftovers(): VNode | null {
  const now = snapshot.value;
  if (!now || (now.ghosts.length === 0 && now.omitted.scopes === 0)) return null;
  return (
    <footer class="leftovers">
      {now.omitted.scopes > 0 && <p>{count(now.omitted.scopes)} more scopes are not shown.</p>}
      {now.ghosts.map(({ id, label, age, scope }) => (
        <p key={id}>
          <Glyph look="ghost" /> <span class="mono">{label}</span>{" "}
          <span class="dim">
            left behind by {scope.kind} {scope.name}, {span(age)} ago
          </span>
        </p>
      ))}
      {now.omitted.ghosts > 0 && <p>{count(now.omitted.ghosts)} more were left behind.</p>}
    </footer>
  );
}
