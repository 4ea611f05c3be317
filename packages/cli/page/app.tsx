import type { VNode } from "preact";
import { ErrorsView } from "./errors/errors-view.tsx";
import { errorTrees } from "./errors/error-tree.ts";
import { openFile } from "./feed.ts";
import { LocksView } from "./locks/locks-view.tsx";
import { Details } from "./parts/details.tsx";
import { Help } from "./parts/help.tsx";
import { count, counted, timeOfDay } from "./parts/words.ts";
import {
  complaint,
  connection,
  history,
  isHelpOpen,
  isPaused,
  moment,
  query,
  snapshot,
  tab,
  type Tab,
  tabs,
  title,
  togglePause,
} from "./session.ts";
import { switchTheme, theme } from "./theme.ts";
import { TimelineView } from "./timeline/timeline-view.tsx";
import { TreeView } from "./tree/tree-view.tsx";
import { Warnings } from "./warnings.tsx";
import { WaveView } from "./wave/wave-view.tsx";

const views: Readonly<Record<Tab, () => VNode>> = {
  tree: TreeView,
  timeline: TimelineView,
  cancellations: WaveView,
  locks: LocksView,
  errors: ErrorsView,
};

const tabNames: Readonly<Record<Tab, string>> = {
  tree: "Tree",
  timeline: "Timeline",
  cancellations: "Cancellations",
  locks: "Locks",
  errors: "Errors",
};

export function App(): VNode {
  const View = views[tab.value];
  return (
    <>
      <Header />
      <Complaint />
      <Warnings />
      <Tabs />
      {connection.value === "recorded" && <Scrubber />}
      <main>
        <div class="view" role="tabpanel" aria-label={tabNames[tab.value]}>
          {connection.value === "empty" ? <Welcome /> : <View />}
        </div>
        <Details />
      </main>
      <Help />
    </>
  );
}

function Header(): VNode {
  return (
    <header class="top">
      <strong class="brand">joinery</strong>
      <span class="program mono">{title.value}</span>
      <Status />
      <Totals />
      <span class="space" />
      <input
        id="search"
        type="search"
        placeholder="Search  /"
        aria-label="Search"
        value={query.value}
        onInput={({ currentTarget }) => (query.value = currentTarget.value)}
      />
      {connection.value === "live" && (
        <button
          title="Hold what is shown (Space)"
          aria-pressed={isPaused.value}
          onClick={togglePause}
        >
          {isPaused.value ? "Go on" : "Hold"}
        </button>
      )}
      <OpenButton />
      <button title="Dark, light, system (t)" onClick={switchTheme}>
        Theme: {theme.value}
      </button>
      <button title="Help (?)" aria-label="Help" onClick={() => (isHelpOpen.value = true)}>
        ?
      </button>
    </header>
  );
}

function OpenButton(): VNode {
  return (
    <label class="button" title="Open a recorded file, or drop it anywhere">
      Open…
      <input
        type="file"
        accept=".json,application/json"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void openFile(file);
        }}
      />
    </label>
  );
}

const statusWords: Readonly<Record<typeof connection.value, string>> = {
  empty: "no program",
  connecting: "connecting",
  opening: "opening",
  live: "live",
  ended: "ended",
  recorded: "recorded",
};

function Status(): VNode {
  const isHeld = isPaused.value && connection.value === "live";
  return (
    <span class={`status is-${isHeld ? "held" : connection.value}`} role="status">
      {isHeld ? "held" : statusWords[connection.value]}
    </span>
  );
}

function Totals(): VNode | null {
  const now = snapshot.value;
  if (!now) return null;
  const { tasks, ghosts } = now.totals;
  return (
    <span class="totals dim">
      {now.runtime}
      {now.pid !== null && ` · pid ${now.pid}`} · {counted(tasks, "task")}
      {ghosts > 0 && ` · ${counted(ghosts, "ghost")}`}
    </span>
  );
}

function Complaint(): VNode | null {
  if (complaint.value === "") return null;
  return (
    <p class="complaint" role="alert">
      {complaint.value}{" "}
      <button class="link" onClick={() => (complaint.value = "")}>
        close
      </button>
    </p>
  );
}

/** How much there is to see behind each tab. */
function numberOf(name: Tab): number {
  const now = snapshot.value;
  if (name === "cancellations") return history.value.now.cancellations.size;
  if (name === "locks") return now ? now.resources.length + now.omitted.resources : 0;
  if (name === "errors") return errorTrees(history.value.now, now).length;
  return 0;
}

function Tabs(): VNode {
  return (
    <div class="tabs" role="tablist" aria-label="Views">
      {tabs.map((name, i) => (
        <button
          key={name}
          role="tab"
          aria-selected={tab.value === name}
          title={`${tabNames[name]} (${i + 1})`}
          onClick={() => (tab.value = name)}
        >
          {tabNames[name]}
          {numberOf(name) > 0 && <span class="badge">{count(numberOf(name))}</span>}
        </button>
      ))}
    </div>
  );
}

/** The moment of a recording that is looked at. */
function Scrubber(): VNode {
  const { begin, end } = history.value.now;
  return (
    <label class="scrubber">
      <span class="mono">{timeOfDay(moment.value)}</span>
      <input
        type="range"
        aria-label="Moment"
        min={begin}
        max={end}
        step="any"
        value={moment.value}
        onInput={({ currentTarget }) => (moment.value = currentTarget.valueAsNumber)}
      />
    </label>
  );
}

function Welcome(): VNode {
  return (
    <div class="welcome">
      <h1>No program is followed</h1>
      <p>
        Drop a file that <code>joinery record</code> has written anywhere on this page, or open it
        with the button above.
      </p>
      <p class="dim">
        To follow a program that runs: <code>joinery inspect PID</code>.
      </p>
    </div>
  );
}
