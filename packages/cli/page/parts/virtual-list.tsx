/** A list of which only the rows in view are in the document. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";

export interface VirtualListProps {
  readonly count: number;
  readonly rowHeight: number;
  /** What the list is, for those who do not see it: `tree`, `list`. */
  readonly role: "tree" | "list";
  readonly label: string;
  /** The row that is kept in view when it changes. */
  readonly current: number;
  readonly row: (index: number) => ComponentChildren;
  /** What is drawn over the rows from `first` to `last`. */
  readonly overlay?: (first: number, last: number) => ComponentChildren;
}

export function VirtualList(props: VirtualListProps): VNode {
  const { count, rowHeight, role, label, current, row, overlay } = props;
  const frame = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer(frame, count, rowHeight);
  useEffect(() => {
    if (current >= 0 && current < count) virtualizer.scrollToIndex(current, { align: "auto" });
  }, [current]);
  const items = virtualizer.getVirtualItems();
  return (
    <div ref={frame} class="list" role={role} aria-label={label} tabIndex={0}>
      <div class="list-inner" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {items.map(({ index, start }) => (
          <div
            key={index}
            class="list-row"
            style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
          >
            {row(index)}
          </div>
        ))}
        {overlay?.(items[0]?.index ?? 0, items.at(-1)?.index ?? 0)}
      </div>
    </div>
  );
}

function useVirtualizer(
  frame: { current: HTMLDivElement | null },
  count: number,
  rowHeight: number,
): Virtualizer<HTMLDivElement, Element> {
  const [, redraw] = useReducer((n: number, by: number) => n + by, 0);
  const options = {
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(1),
  };
  const own = useRef<Virtualizer<HTMLDivElement, Element>>(null);
  own.current ??= new Virtualizer<HTMLDivElement, Element>(options);
  const virtualizer = own.current;
  virtualizer.setOptions(options);
  // These two are what its adapters for frameworks call.
  // oxlint-disable-next-line no-underscore-dangle
  useLayoutEffect(() => virtualizer._didMount(), []);
  // oxlint-disable-next-line no-underscore-dangle
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
