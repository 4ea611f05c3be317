/** How a scope stands, as a shape and a color. */

import type { VNode } from "preact";
import { type Look, lookWords } from "./words.ts";

/** Drawn in a square of 12. What is over is filled or struck, what goes on is open. */
const shapes: Readonly<Record<Look, VNode>> = {
  new: <circle cx="6" cy="6" r="3.5" />,
  running: <path class="solid" d="M3 1.5 11 6 3 10.5Z" />,
  waiting: <path d="M4 2v8M8 2v8" />,
  foreign: <path d="M6 1 11 6 6 11 1 6Z" />,
  open: <path d="M4 2H2v8h2M8 2h2v8H8" />,
  joining: <path d="M4 2H2v8h2M8 2h2v8H8M6 5v2" />,
  cancelling: <path d="M6 1.2A4.8 4.8 0 1 0 6 10.8 4.8 4.8 0 1 0 6 1.2M2.6 2.6 9.4 9.4" />,
  "cleaning-up": <path d="M6 1.2A4.8 4.8 0 1 0 6 10.8 4.8 4.8 0 1 0 6 1.2M6 3v3.2L8.4 7.5" />,
  done: <path d="M1.5 6.5 4.5 9.5 10.5 2.5" />,
  failed: <path d="M2 2 10 10M10 2 2 10" />,
  cancelled: <path d="M2 6h8" />,
  ghost: <circle cx="6" cy="6" r="4" stroke-dasharray="2 1.6" />,
};

export function Glyph({ look }: { look: Look }): VNode {
  return (
    <svg class={`glyph look-${look}`} viewBox="0 0 12 12" role="img" aria-label={lookWords[look]}>
      <title>{lookWords[look]}</title>
      {shapes[look]}
    </svg>
  );
}
