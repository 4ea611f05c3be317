/** The work: a piece of the Mandelbrot set, in colour. It knows nothing of tasks, threads and machines. */

export interface View {
  /** The middle of the picture. */
  readonly x: number;
  readonly y: number;
  /** What it shows, from left to right. */
  readonly span: number;
  /** Where to give up: what has not escaped by then is inside. */
  readonly depth: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A point on the edge of the set that has something to show at any scale. */
const target = { x: -0.743643887037151, y: 0.131825904205334 };

/** The view of a frame of the zoom: each shows a little less than the one before, and looks a little deeper. */
export function viewOf(frame: number): View {
  return { ...target, span: 3 * 0.96 ** frame, depth: 300 + 4 * frame };
}

/** Paints a row of the picture into `pixels`: four bytes for each pixel. */
export function paintRow(
  view: View,
  { width, height }: Size,
  row: number,
  pixels: Uint8Array,
): void {
  const step = view.span / width;
  const y = view.y + (row - height / 2) * step;
  for (let column = 0; column < width; column++) {
    const x = view.x + (column - width / 2) * step;
    const colour = colourOf(escapeTime(x, y, view.depth), view.depth);
    pixels.set(colour, 4 * (row * width + column));
  }
}

/** After how many steps z² + c leaves the circle, smoothed. */
function escapeTime(x: number, y: number, depth: number): number {
  let a = 0;
  let b = 0;
  for (let steps = 0; steps < depth; steps++) {
    const [aa, bb] = [a * a, b * b];
    if (aa + bb > 256) return steps + 1 - Math.log2(Math.log2(aa + bb) / 2);
    b = 2 * a * b + y;
    a = aa - bb + x;
  }
  return depth;
}

function colourOf(steps: number, depth: number): [number, number, number, number] {
  if (steps >= depth) return [0, 0, 0, 255];
  const wave = (phase: number): number => 127.5 * (1 + Math.sin(0.07 * steps + phase));
  return [wave(0), wave(1.2), wave(2.4), 255];
}
