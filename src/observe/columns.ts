/** Text on a terminal. */

const characters = new Intl.Segmenter();

/** Scripts and signs that take two columns. */
const wide =
  /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\u{1F300}-\u{1FAFF}]/u;

/** The beginning of `text` that fits into `room` columns, and how many it takes. */
export function fit(text: string, room: number): [shown: string, taken: number] {
  let shown = "";
  let taken = 0;
  for (const { segment } of characters.segment(text)) {
    const width = wide.test(segment) ? 2 : 1;
    if (taken + width > room) break;
    shown += segment;
    taken += width;
  }
  return [shown, taken];
}

/** How many columns `text` takes. */
export function columns(text: string): number {
  return fit(text, Infinity)[1];
}

/** `text` without what would move the cursor or change colors: names are the program's. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\uFFFD");
}
