import type { ResourceSnapshot } from "joinery/observe";
import type { VNode } from "preact";
import { ScopeLink } from "../parts/scope-link.tsx";
import { count, counted, span } from "../parts/words.ts";
import { snapshot } from "../session.ts";
import { allWaits, type Cycle, cyclesOf, resourcesOf } from "./contention.ts";

/** The most who are shown to wait in one queue. */
const mostShown = 24;

export function LocksView(): VNode {
  const now = snapshot.value;
  if (!now) return <p class="empty">Nothing to show yet.</p>;
  const resources = resourcesOf(now);
  return (
    <div class="page">
      {cyclesOf(now).map((cycle) => (
        <CycleCard key={cycle.warning.text} cycle={cycle} />
      ))}
      <h2>Locks and queues</h2>
      {resources.length === 0 && (
        <p class="empty">
          Nobody waits for a lock, a queue, or anything else that others may have.
        </p>
      )}
      {resources.map((resource) => (
        <ResourceCard key={resource.id} resource={resource} />
      ))}
      {now.omitted.resources > 0 && <p>{count(now.omitted.resources)} more are not shown.</p>}
      <WaitTable />
    </div>
  );
}

/** Each waits for the next, and the last for the first. */
function CycleCard({ cycle: { links } }: { cycle: Cycle }): VNode {
  return (
    <section class="card cycle" aria-label="Tasks that wait for each other">
      <h2>
        Deadlock <span class="dim">{counted(links.length, "task")} wait for each other</span>
      </h2>
      <ol class="ring">
        {links.map(({ task, name, label, place }) => (
          <li key={task}>
            <ScopeLink id={task} name={name} />
            <span class="edge">
              <span class="edge-label">waits for {label}</span>
              {place !== null && <span class="edge-place mono">{place}</span>}
            </span>
          </li>
        ))}
        <li class="ring-end">
          <ScopeLink id={links[0]?.task ?? 0} name={links[0]?.name ?? ""} />
        </li>
      </ol>
    </section>
  );
}

function ResourceCard({ resource }: { resource: ResourceSnapshot }): VNode {
  const { kind, name, holders, holdersOmitted, waiters, waitersOmitted } = resource;
  const shown = waiters.slice(0, mostShown);
  const more = waiters.length + waitersOmitted - shown.length;
  return (
    <section class="card resource" aria-label={`${kind} ${name}`}>
      <h3>
        <span class="kind">{kind}</span> <span class="mono">{name}</span>
      </h3>
      <dl>
        <dt>held by</dt>
        <dd>
          {holders === null && <span class="dim">it does not say</span>}
          {holders?.length === 0 && <span class="dim">no task</span>}
          {holders?.map((id) => (
            <ScopeLink key={id} id={id} />
          ))}
          {holdersOmitted > 0 && <span class="dim">and {count(holdersOmitted)} more</span>}
        </dd>
        <dt>{counted(waiters.length + waitersOmitted, "waiter")}</dt>
        <dd class="queue">
          {shown.map((id) => (
            <ScopeLink key={id} id={id} />
          ))}
          {more > 0 && <span class="dim">and {count(more)} more</span>}
        </dd>
      </dl>
    </section>
  );
}

function WaitTable(): VNode | null {
  const now = snapshot.value;
  const waits = now ? allWaits(now) : [];
  if (waits.length === 0) return null;
  return (
    <>
      <h2>Everything that is waited for</h2>
      <table>
        <thead>
          <tr>
            <th>Waits for</th>
            <th>Kind</th>
            <th class="right">Tasks</th>
            <th class="right">Longest</th>
            <th>First</th>
          </tr>
        </thead>
        <tbody>
          {waits.slice(0, 200).map(({ kind, label, tasks, oldest }) => (
            <tr key={`${kind} ${label} ${tasks[0]}`}>
              <td class="mono">{label}</td>
              <td class="dim">{kind}</td>
              <td class="right mono">{count(tasks.length)}</td>
              <td class="right mono">{oldest === null ? "" : span(oldest)}</td>
              <td>
                <ScopeLink id={tasks[0] as number} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
