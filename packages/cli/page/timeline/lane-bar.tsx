/** The bar of a lane: of one task its waits and marks, of a block a bracket, of many how many there were. */

import type { VNode } from "preact";
import { history } from "../session.ts";
import type { Life, Mark } from "../model/life.ts";
import { lookOf } from "../parts/scope-link.tsx";
import { extentOf, type Lane, profileOf } from "./lanes.ts";
import type { ViewPort } from "./view-port.ts";

const height = 22;
const middle = height / 2;

interface LaneBarProps {
  readonly lane: Lane;
  readonly port: ViewPort;
  readonly extent: readonly [begin: number, now: number];
}

export function LaneBar({ lane, port, extent }: LaneBarProps): VNode {
  const [from, to] = extentOf(lane, ...extent);
  const [life] = lane.lives;
  const x = port.xOf(from);
  const width = Math.max(2, port.xOf(to) - x);
  return (
    <svg class="lane-bar" height={height} role="img" aria-label={lane.title}>
      {lane.lives.length > 1 ? (
        <Profile lane={lane} port={port} />
      ) : life.kind === "task" ? (
        <TaskBar life={life} port={port} x={x} width={width} now={extent[1]} />
      ) : (
        <path
          class={`bracket is-${life.kind}`}
          d={`M${x},${height - 3}V5H${x + width}V${height - 3}`}
        />
      )}
    </svg>
  );
}

interface TaskBarProps {
  readonly life: Life;
  readonly port: ViewPort;
  readonly x: number;
  readonly width: number;
  readonly now: number;
}

/** What is thin is waiting. */
function TaskBar({ life, port, x, width, now }: TaskBarProps): VNode {
  const [from, to] = port.visible;
  const inView = life.waits.filter((wait) => wait.from <= to && (wait.to ?? now) >= from);
  return (
    <>
      <rect class={`bar look-${lookOf(life.id)}`} x={x} y={5} width={width} height={12} rx={2} />
      {inView.map((wait) => {
        const start = port.xOf(wait.from);
        const length = port.xOf(wait.to ?? now) - start;
        return (
          length > 0.5 && (
            <rect key={wait.from} class="bar-wait" x={start} y={7} width={length} height={8}>
              <title>waits for {wait.wait.label}</title>
            </rect>
          )
        );
      })}
      {life.marks.map((mark) => (
        <MarkSign key={`${mark.what} ${mark.at}`} mark={mark} x={port.xOf(mark.at)} />
      ))}
    </>
  );
}

const signs: Readonly<Record<Mark["what"], string>> = {
  delivered: "M-3,-3L3,3M3,-3L-3,3",
  swallowed: "M0,-5V1M0,3V5",
  raised: "M0,-5L5,0L0,5L-5,0Z",
};

function MarkSign({ mark, x }: { mark: Mark; x: number }): VNode {
  return (
    <g class={`mark is-${mark.what}`} transform={`translate(${x},${middle})`}>
      <title>{markTitle(mark)}</title>
      <path d={signs[mark.what]} />
    </g>
  );
}

function markTitle({ what, about }: Mark): string {
  const { cancellations, raised } = history.value.now;
  if (what === "raised") return `threw ${raised.get(about)?.error.text ?? "an error"}`;
  const message = cancellations.get(about)?.message ?? "a cancellation";
  return what === "delivered" ? `heard of ${message}` : `caught ${message}, and went on`;
}

const samples = 160;

/** How many there were, as a filled curve. */
function Profile({ lane, port }: { lane: Lane; port: ViewPort }): VNode {
  const counts = profileOf(lane, port.visible, samples);
  const most = Math.max(1, ...counts);
  const [from, to] = port.visible;
  const [left, right] = [port.xOf(from), port.xOf(to)];
  const x = (i: number): number => left + ((right - left) * i) / samples;
  const y = (n: number): number => height - 3 - ((height - 7) * n) / most;
  const steps = counts.map((n, i) => `L${x(i)},${y(n)}L${x(i + 1)},${y(n)}`).join("");
  return (
    <path
      class={`profile look-${lookOf(lane.lives[0].id)}`}
      d={`M${left},${y(0)}${steps}L${right},${y(0)}Z`}
    />
  );
}
