import type { VNode } from "preact";
import { ScopeLink } from "../parts/scope-link.tsx";
import { count, counted, timeOfDay } from "../parts/words.ts";
import { chosenCancellation, history, snapshot, tab } from "../session.ts";
import { type ErrorNode, type ErrorTree, errorTrees } from "./error-tree.ts";

export function ErrorsView(): VNode {
  const trees = errorTrees(history.value.now, snapshot.value);
  if (trees.length === 0) return <p class="empty">No task has failed.</p>;
  return (
    <div class="page">
      {trees.map((tree) => (
        <ErrorCard key={tree.key} tree={tree} />
      ))}
    </div>
  );
}

function ErrorCard({ tree }: { tree: ErrorTree }): VNode {
  const { scope, at, cancellation } = tree;
  return (
    <section class="card error" aria-label={tree.text}>
      <p class="meta">
        <ScopeLink id={scope} />
        <time class="mono dim">{timeOfDay(at)}</time>
        {cancellation && (
          <button
            class="link"
            onClick={() => {
              chosenCancellation.value = cancellation.id;
              tab.value = "cancellations";
            }}
          >
            what it took down
          </button>
        )}
      </p>
      <ul class="error-tree" role="tree" aria-label="Errors">
        <ErrorItem node={tree} level={1} />
      </ul>
    </section>
  );
}

function ErrorItem({ node, level }: { node: ErrorNode; level: number }): VNode {
  const { text, path, task, members, omitted } = node;
  const [name, message] = splitOnce(text);
  return (
    <li role="treeitem" aria-level={level}>
      <p class="error-line">
        <span class="error-name mono">{name}</span>
        <span class="error-message">{message}</span>
        {members.length > 0 && (
          <span class="times">{counted(members.length + omitted, "error")}</span>
        )}
      </p>
      {path !== null && (
        <p class="error-path">{task === null ? "" : <ScopeLink id={task} name={path} />}</p>
      )}
      {members.length > 0 && (
        <ul role="group">
          {members.map((member) => (
            <ErrorItem key={member.key} node={member} level={level + 1} />
          ))}
          {omitted > 0 && <li class="dim">and {count(omitted)} more</li>}
        </ul>
      )}
    </li>
  );
}

/** `TypeError: fetch failed` in its two parts. */
function splitOnce(text: string): [name: string, message: string] {
  const at = text.indexOf(": ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
}
