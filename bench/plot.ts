/** The picture `docs/benchmarks.svg`: joinery and its peers, as multiples of bare promises. */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { compare, find, spread } from "./figures.ts";
import type { Report } from "./report.ts";

const shown: Record<string, string> = {
  "spawn-10k": "create, join 10,000",
  "spawn-100k": "create, join 100,000",
  "cancel-100k": "cancel 100,000 sleepers",
};

interface Point {
  readonly work: string;
  readonly runtime: string;
  readonly subject: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The SVG, or `undefined` if nothing of it was measured. */
export function plot(report: Report): string | undefined {
  const data = points(report);
  if (data.length === 0) return undefined;
  const { document } = parseHTML("<!doctype html><body></body>");
  const picture = Plot.plot({
    document,
    width: 1000,
    height: 640,
    marginLeft: 120,
    marginRight: 150,
    style: { background: "white", color: "#222" },
    x: {
      type: "log",
      grid: true,
      label: "times the bare promises of the same runtime",
      ticks: 4,
      tickFormat: "~g",
    },
    y: { label: null, domain: subjects(data) },
    fx: { label: null, domain: runtimes(report) },
    fy: { label: null, domain: Object.values(shown) },
    marks: [
      Plot.frame({ stroke: "#ddd" }),
      Plot.ruleX([1], { stroke: "#999" }),
      Plot.ruleY(data, {
        fx: "runtime",
        fy: "work",
        y: "subject",
        x1: "min",
        x2: "max",
        stroke: colour,
      }),
      Plot.dot(data, { fx: "runtime", fy: "work", y: "subject", x: "median", r: 3, fill: colour }),
    ],
  });
  picture.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${picture.outerHTML}\n`;
}

function colour({ subject }: Point): string {
  return subject.startsWith("joinery") ? "#d62728" : "#4a6fa5";
}

function runtimes(report: Report): string[] {
  return report.runtimes.filter(({ name }) => name !== "cpython").map(({ title }) => title);
}

/** In the order of the rows, without the base. */
function subjects(data: readonly Point[]): string[] {
  return [...new Set(data.map(({ subject }) => subject))];
}

function points(report: Report): Point[] {
  const rows = report.rows.filter(({ id }) => id in shown);
  const columns = report.runtimes.filter(({ name }) => name !== "cpython");
  return rows.flatMap((row) =>
    columns.flatMap(({ name, title }) => {
      const base = find(report.figures, row.id, name, row.subjects[0] as string);
      const own = row.subjects.slice(1).map((subject) => ({ subject, runtime: name }));
      const foreign = (row.cpython ?? []).map((subject) => ({ subject, runtime: "cpython" }));
      return [...own, ...foreign].flatMap(({ subject, runtime }) => {
        const found = spread(
          compare(find(report.figures, row.id, runtime, subject), base, "ratio"),
        );
        return found ? [{ work: shown[row.id] as string, runtime: title, subject, ...found }] : [];
      });
    }),
  );
}
