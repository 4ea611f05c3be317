/** All that is known of the selected scope. */

import type { ScopeSnapshot, WaitSnapshot } from "joinery/observe";
import type { ComponentChildren, VNode } from "preact";
import { isNamed, type Life, titleOf } from "../model/life.ts";
import { chosenCancellation, history, liveScopes, selected, tab } from "../session.ts";
import { Glyph } from "./glyph.tsx";
import { lookOf, ScopeLink } from "./scope-link.tsx";
import { count, goal, lookWords, span, timeOfDay } from "./words.ts";

export function Details(): VNode | null {
  const id = selected.value;
  const life = id === null ? undefined : history.value.now.lives.get(id);
  if (!life) return null;
  const live = liveScopes.value.get(life.id);
  return (
    <aside class="details" aria-label={`Details of ${titleOf(life)}`}>
      <header>
        <h2 class="mono">{titleOf(life)}</h2>
        <button class="close" aria-label="Close details" title="Close (Esc)" onClick={close}>
          ×
        </button>
      </header>
      <Path life={life} />
      <dl>
        <Fact name="state">
          <Glyph look={lookOf(life.id)} /> {lookWords[lookOf(life.id)]}
        </Fact>
        <Fact name="number">
          #{life.id} <span class="dim">{life.kind}</span>
        </Fact>
        <Times life={life} live={live} />
        {live?.timeLeft != null && <Fact name="deadline">{span(live.timeLeft)} left</Fact>}
        <Cancelled life={life} live={live} />
      </dl>
      {live?.waits.map((wait) => (
        <Wait key={`${wait.scope} ${wait.kind} ${wait.label}`} wait={wait} />
      ))}
      <Frames title="Last refused at" frames={live?.refusedAt ?? null} />
      <Frames title="Created at" frames={live?.createdAt ?? null} />
      <Below life={life} />
    </aside>
  );
}

function close(): void {
  selected.value = null;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The scopes around it that have a name. */
function Path({ life }: { life: Life }): VNode {
  const { lives } = history.value.now;
  const around: Life[] = [];
  for (let next = lives.get(life.parent ?? 0); next; next = lives.get(next.parent ?? 0))
    if (next.kind !== "process" && isNamed(next)) around.unshift(next);
  return (
    <p class="path-links">
      {around.slice(-8).map(({ id }) => (
        <ScopeLink key={id} id={id} />
      ))}
    </p>
  );
}

function Times({ life, live }: { life: Life; live: ScopeSnapshot | undefined }): VNode {
  const { openedAt, closedAt } = life;
  const age = live?.age ?? (openedAt !== null && closedAt !== null ? closedAt - openedAt : null);
  return (
    <>
      {openedAt !== null && <Fact name="opened">{timeOfDay(openedAt)}</Fact>}
      {closedAt !== null && <Fact name="closed">{timeOfDay(closedAt)}</Fact>}
      {age !== null && <Fact name="age">{span(age)}</Fact>}
    </>
  );
}

interface CancelledProps {
  readonly life: Life;
  readonly live: ScopeSnapshot | undefined;
}

function Cancelled({ life, live }: CancelledProps): VNode | null {
  const { cancellations } = history.value.now;
  const told = life.marks.findLast(({ what }) => what !== "raised");
  const cancellation = cancellations.get(live?.cancellation ?? told?.about ?? 0);
  if (!cancellation) return null;
  const swallowed = cancellation.swallowed.get(life.id);
  return (
    <Fact name="cancelled">
      {cancellation.message}{" "}
      {swallowed && <span class="tag is-bad">caught it ×{swallowed.times}</span>}{" "}
      <button
        class="link"
        onClick={() => {
          chosenCancellation.value = cancellation.id;
          tab.value = "cancellations";
        }}
      >
        show its way
      </button>
    </Fact>
  );
}

function Wait({ wait }: { wait: WaitSnapshot }): VNode {
  const { tasks, tasksOmitted, age, stack } = wait;
  return (
    <section class="wait">
      <h3>Waits for</h3>
      <p class="mono goal">
        {goal(wait)} {age !== null && <span class="dim">for {span(age)}</span>}
      </p>
      {tasks.length > 0 && (
        <p class="links">
          <span class="dim">{wait.resource === null ? "which is up to" : "which is held by"}</span>
          {tasks.slice(0, 20).map((id) => (
            <ScopeLink key={id} id={id} />
          ))}
          {tasks.length + tasksOmitted > 20 && (
            <span class="dim">and {count(tasks.length + tasksOmitted - 20)} more</span>
          )}
        </p>
      )}
      <Frames title="Where" frames={stack} />
    </section>
  );
}

function Frames({
  title,
  frames,
}: {
  title: string;
  frames: readonly string[] | null;
}): VNode | null {
  if (!frames?.length) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ol class="frames mono">
        {frames.map((frame) => (
          <li key={frame}>{frame.replace(/^at /, "")}</li>
        ))}
      </ol>
    </section>
  );
}

const mostBelow = 30;

function Below({ life }: { life: Life }): VNode | null {
  const children = history.value.now
    .childrenOf(life.id)
    .filter(({ closedAt }) => closedAt === null);
  if (children.length === 0) return null;
  return (
    <section>
      <h3>{count(children.length)} below it</h3>
      <p class="links">
        {children.slice(0, mostBelow).map(({ id }) => (
          <ScopeLink key={id} id={id} />
        ))}
        {children.length > mostBelow && (
          <span class="dim">and {count(children.length - mostBelow)} more</span>
        )}
      </p>
    </section>
  );
}
