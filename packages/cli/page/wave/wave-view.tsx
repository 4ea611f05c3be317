import type { VNode } from "preact";
import { ScopeLink } from "../parts/scope-link.tsx";
import { count, counted, sourceWords, span, timeOfDay } from "../parts/words.ts";
import type { Cancellation } from "../model/cancellation.ts";
import { chosenCancellation, history, reveal, selected, snapshot } from "../session.ts";
import { layOut, linkPath, nodeHeight, nodeWidth, type Placed, type PlacedLink } from "./layout.ts";
import { type Role, type Wave, waveOf } from "./wave.ts";

/** The latest first. */
export function cancellations(): Cancellation[] {
  return [...history.value.now.cancellations.values()].toSorted((a, b) => b.at - a.at);
}

/** The one that is shown. */
export function shownCancellation(): Cancellation | undefined {
  const all = cancellations();
  return all.find(({ id }) => id === chosenCancellation.value) ?? all[0];
}

export function WaveView(): VNode {
  const all = cancellations();
  const shown = shownCancellation();
  if (!shown) return <p class="empty">Nothing has been cancelled.</p>;
  const wave = waveOf(shown, history.value.now, snapshot.value);
  return (
    <div class="split">
      <nav class="side" aria-label="Cancellations">
        {all.map((each) => (
          <CancellationItem key={each.id} cancellation={each} isShown={each.id === shown.id} />
        ))}
      </nav>
      <div class="wave">
        <Summary wave={wave} />
        <Diagram wave={wave} />
        <Legend />
      </div>
    </div>
  );
}

interface CancellationItemProps {
  readonly cancellation: Cancellation;
  readonly isShown: boolean;
}

function CancellationItem({ cancellation, isShown }: CancellationItemProps): VNode {
  const { id, path, source, reason, at, swallowed } = cancellation;
  const live = snapshot.value?.cancellations.find((each) => each.id === id);
  const pending = (live?.pending.length ?? 0) + (live?.pendingOmitted ?? 0);
  return (
    <button
      class={`side-item ${isShown ? "is-selected" : ""}`}
      aria-current={isShown}
      onClick={() => (chosenCancellation.value = id)}
    >
      <span class="mono path">{path ?? "an outer signal"}</span>
      <span class="dim">
        {timeOfDay(at)} · {reason ?? sourceWords[source]}
      </span>
      <span>
        {pending > 0 && <span class="tag is-warm">{count(pending)} not over</span>}
        {swallowed.size > 0 && <span class="tag is-bad">{count(swallowed.size)} caught it</span>}
      </span>
    </button>
  );
}

function Summary({ wave }: { wave: Wave }): VNode {
  const { cancellation, counts, swallowed } = wave;
  const { message, by, source, reason, at, absorbedAt } = cancellation;
  const number = (role: Role): number => counts.get(role) ?? 0;
  return (
    <header class="summary">
      <p>{message}</p>
      <p class="meta">
        <span>
          asked by{" "}
          {by?.id ? <ScopeLink id={by.id} name={by.name} /> : (by?.name ?? sourceWords[source])}
        </span>
        {reason !== null && <span>because of {reason}</span>}
        <time class="mono">{timeOfDay(at)}</time>
        {absorbedAt !== null && <span>over after {span(absorbedAt - at)}</span>}
      </p>
      <p class="tags">
        <span class="tag">{counted(number("stopped"), "task")} stopped</span>
        {number("returned") > 0 && <span class="tag">{count(number("returned"))} returned</span>}
        {number("failed") > 0 && <span class="tag is-bad">{count(number("failed"))} failed</span>}
        {number("cleaning-up") > 0 && (
          <span class="tag is-warm">{count(number("cleaning-up"))} cleaning up</span>
        )}
        {number("held-up") > 0 && (
          <span class="tag is-warm">{count(number("held-up"))} held up</span>
        )}
        {number("resisting") > 0 && (
          <span class="tag is-bad">{count(number("resisting"))} resisting</span>
        )}
        {swallowed > 0 && <span class="tag is-bad">{count(swallowed)} caught it</span>}
        {number("sheltered") > 0 && (
          <span class="tag is-good">{count(number("sheltered"))} behind a shield</span>
        )}
      </p>
    </header>
  );
}

function Diagram({ wave }: { wave: Wave }): VNode {
  const { width, height, nodes, links, omitted } = layOut(wave.root);
  return (
    <div class="diagram" role="figure" aria-label="The way of the cancellation" tabIndex={0}>
      <svg width={width} height={height}>
        {links.map((link) => (
          <Link key={link.to.node.key} link={link} />
        ))}
        {nodes.map((placed) => (
          <Node key={placed.node.key} placed={placed} />
        ))}
      </svg>
      {omitted > 0 && <p class="dim">{count(omitted)} more are not drawn.</p>}
    </div>
  );
}

function Link({ link }: { link: PlacedLink }): VNode {
  const { role } = link.to.node;
  return (
    <path
      class={`wave-link role-${role}`}
      style={{ animationDelay: `${link.from.depth * 120}ms` }}
      d={linkPath(link)}
    />
  );
}

function Node({ placed: { node, x, y, depth } }: { placed: Placed }): VNode {
  const { role, title, isOrigin, scopes, swallowed, key } = node;
  const note = noteOf(node);
  const [first] = scopes;
  const isSelected = first !== undefined && scopes.includes(selected.value ?? 0);
  const show = (): void => void (first !== undefined && reveal(first));
  return (
    <g
      role="button"
      tabindex={first === undefined ? -1 : 0}
      aria-label={`${title}: ${note}`}
      class={`wave-node role-${role} ${isOrigin ? "is-origin" : ""} ${isSelected ? "is-selected" : ""}`}
      transform={`translate(${x},${y - nodeHeight / 2})`}
      style={{ animationDelay: `${depth * 120}ms` }}
      data-key={key}
      onClick={show}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        show();
      }}
    >
      <title>{`${title}: ${note}`}</title>
      <rect width={nodeWidth} height={nodeHeight} rx="4" />
      {role === "wall" && <path class="wall" d={`M${nodeWidth - 3},-6V${nodeHeight + 6}`} />}
      <text class="mono" x="8" y="17">
        {clip(title, lettersBeside(note))}
      </text>
      <text class="note" x={nodeWidth - (role === "wall" ? 12 : 8)} y="17" text-anchor="end">
        {note}
      </text>
      {swallowed > 0 && <path class="flag" d="M4,-5V5M4,-5H14L11,-2L14,1H4" />}
    </g>
  );
}

/** How many letters of a title fit beside `note`: they are 7.2 wide, those of the note about 5.8. */
function lettersBeside(note: string): number {
  return Math.floor((nodeWidth - 20 - note.length * 5.8) / 7.2);
}

function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function noteOf({ role, took, swallowed, isOrigin }: Placed["node"]): string {
  const time = took === null ? "" : ` ${span(took)}`;
  if (swallowed > 0 && role !== "resisting") return `caught it ×${swallowed}`;
  if (swallowed > 0) return `×${swallowed}, resists${time}`;
  if (isOrigin && role === "passed") return "asked to stop";
  return `${roleWords[role]}${role === "sheltered" || role === "wall" ? "" : time}`;
}

const roleWords: Readonly<Record<Role, string>> = {
  asker: "asked",
  passed: "",
  wall: "shield",
  sheltered: "sheltered",
  resisting: "resists",
  "held-up": "held up",
  "cleaning-up": "cleans up",
  stopped: "stopped",
  returned: "returned",
  failed: "failed",
};

function Legend(): VNode {
  return (
    <p class="legend dim">
      From the one who asked, at the left, down the tree. <span class="key is-wall" /> a shield: it
      does not get through. <span class="key is-bad" /> not over, and nobody else that was asked
      holds it up. <span class="key is-flag" /> caught it, and went on.
    </p>
  );
}
