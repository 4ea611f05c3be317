import { computed, type ReadonlySignal, signal, type Signal } from "@preact/signals";
import { select } from "d3-selection";
import { zoom, type ZoomBehavior, zoomIdentity } from "d3-zoom";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lookOf } from "../parts/scope-link.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { count } from "../parts/words.ts";
import {
  connection,
  history,
  query,
  reveal,
  selected,
  snapshot,
  toggle,
  toggledLanes,
} from "../session.ts";
import { arrowsOf, placesOf } from "./arrows.ts";
import { LaneBar } from "./lane-bar.tsx";
import { type Lane, lanesOf } from "./lanes.ts";
import { type Transform, ViewPort, whole } from "./view-port.ts";

const rowHeight = 22;
const namesWidth = 260;
const deepest = 12;

export const lanes: ReadonlySignal<readonly Lane[]> = computed(() =>
  lanesOf(history.value.now, toggledLanes.value, query.value),
);

const places: ReadonlySignal<ReadonlyMap<number, number>> = computed(() => placesOf(lanes.value));

const transform: Signal<Transform> = signal(whole);

/** Moves and scales what is in view; set while the timeline is shown. */
let behavior:
  | { readonly zoom: ZoomBehavior<HTMLElement, unknown>; readonly on: HTMLElement }
  | undefined;

export function zoomBy(factor: number): void {
  if (behavior) behavior.zoom.scaleBy(select(behavior.on), factor);
}

export function panBy(pixels: number): void {
  if (behavior) behavior.zoom.translateBy(select(behavior.on), pixels / transform.value.k, 0);
}

export function fitAll(): void {
  if (behavior) behavior.zoom.transform(select(behavior.on), zoomIdentity);
}

/** The last moment that is shown: now, if the program runs. */
function endOfTime(): number {
  const { end } = history.value.now;
  return connection.value === "live" ? Math.max(end, snapshot.value?.time ?? 0) : end;
}

export function currentLane(): number {
  const id = selected.value;
  return lanes.value.findIndex(({ lives }) => lives.some((life) => life.id === id));
}

export function TimelineView(): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const width = useZoom(frame);
  const shown = lanes.value;
  const { begin } = history.value.now;
  if (shown.length === 0) return <p class="empty">Nothing to show yet.</p>;
  const end = endOfTime();
  const port = new ViewPort([begin, end], width, transform.value);
  const current = currentLane();
  return (
    <div class="timeline" ref={frame}>
      <Axis port={port} width={width} />
      <VirtualList
        count={shown.length}
        rowHeight={rowHeight}
        role="list"
        label="Timeline"
        current={current}
        row={(index) => (
          <LaneRow
            lane={shown[index] as Lane}
            isCurrent={index === current}
            port={port}
            extent={[begin, end]}
          />
        )}
        overlay={(first, last) => <Arrows port={port} width={width} range={[first, last]} />}
      />
    </div>
  );
}

/** How wide the bars are; moved by dragging, scaled by the wheel with Ctrl. */
function useZoom(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800);
  const isShown = lanes.value.length > 0;
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = (): void => setWidth(Math.max(100, element.clientWidth - namesWidth - 16));
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    measure();
    return () => sizes.disconnect();
  }, [isShown]);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const own = zoom<HTMLElement, unknown>()
      .scaleExtent([1, 100_000])
      .extent([
        [0, 0],
        [width, 1],
      ])
      .translateExtent([
        [0, 0],
        [width, 1],
      ])
      .filter((event: MouseEvent) =>
        event.type === "wheel" ? event.ctrlKey || event.metaKey : event.button === 0,
      )
      .on("zoom", ({ transform: { k, x } }: { transform: Transform }) => {
        transform.value = { k, x };
      });
    select(element).call(own).on("dblclick.zoom", null);
    behavior = { zoom: own, on: element };
    return () => {
      select(element).on(".zoom", null);
      behavior = undefined;
    };
  }, [isShown, width]);
  return width;
}

function Axis({ port, width }: { port: ViewPort; width: number }): VNode {
  return (
    <div class="columns axis">
      <span class="axis-tools" style={{ width: `${namesWidth}px` }}>
        <button title="Zoom out (−)" aria-label="Zoom out" onClick={() => zoomBy(1 / 2)}>
          −
        </button>
        <button title="Zoom in (+)" aria-label="Zoom in" onClick={() => zoomBy(2)}>
          +
        </button>
        <button title="Show all (0)" onClick={fitAll}>
          All
        </button>
        <span class="dim">drag to move</span>
      </span>
      <svg width={width} height="20" aria-hidden="true">
        {port.ticks().map(({ x, label }) => (
          <g key={label} transform={`translate(${x},0)`}>
            <line y1="14" y2="20" />
            <text y="11" text-anchor={x < 20 ? "start" : x > width - 30 ? "end" : "middle"}>
              {label}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

interface LaneRowProps {
  readonly lane: Lane;
  readonly isCurrent: boolean;
  readonly port: ViewPort;
  readonly extent: readonly [number, number];
}

function LaneRow({ lane, isCurrent, port, extent }: LaneRowProps): VNode {
  const { title, lives, depth, canToggle, isOpen, key } = lane;
  const [first] = lives;
  return (
    <div
      class={`lane ${isCurrent ? "is-selected" : ""}`}
      role="listitem"
      onClick={() => reveal(first.id)}
      onDblClick={() => canToggle && toggle(toggledLanes, key)}
    >
      <span
        class="name"
        style={{ width: `${namesWidth}px`, paddingLeft: `${Math.min(depth, deepest) * 12}px` }}
      >
        {canToggle ? (
          <button
            class={`chevron ${isOpen ? "is-open" : ""}`}
            tabIndex={-1}
            aria-label={isOpen ? "Close" : "Open"}
            onClick={(event) => {
              event.stopPropagation();
              toggle(toggledLanes, key);
            }}
          />
        ) : (
          <span class="chevron is-none" />
        )}
        <Glyph look={lookOf(first.id)} />
        <span class="mono title">{title}</span>
        {lives.length > 1 && <span class="times">× {count(lives.length)}</span>}
      </span>
      <LaneBar lane={lane} port={port} extent={extent} />
    </div>
  );
}

interface ArrowsProps {
  readonly port: ViewPort;
  readonly width: number;
  readonly range: readonly [number, number];
}

function Arrows({ port, width, range }: ArrowsProps): VNode {
  const shown = lanes.value;
  const arrows = arrowsOf(history.value.now, shown, places.value, range);
  const middle = (lane: number): number => lane * rowHeight + rowHeight / 2;
  return (
    <svg
      class="arrows"
      width={width}
      height={shown.length * rowHeight}
      style={{ left: `${namesWidth}px` }}
      aria-hidden="true"
    >
      {arrows.map(({ kind, at, from, to }) => {
        const x = port.xOf(at);
        if (x < 0 || x > width) return null;
        const tip = middle(to) + (to > from ? -5 : 5);
        const barb = to > from ? -4 : 4;
        return (
          <g key={`${kind} ${at} ${from} ${to}`} class={`arrow is-${kind}`}>
            <path d={`M${x},${middle(from)}V${tip}`} />
            <path class="tip" d={`M${x - 3},${tip + barb}L${x},${tip}L${x + 3},${tip + barb}`} />
          </g>
        );
      })}
    </svg>
  );
}
