/** Bars in rows: in one row, bars follow each other or lie inside one another. */

export interface Bar {
  readonly start: number;
  readonly end: number;
}

/** Distributes `bars` over as few rows as the order allows; in each, the outer bar comes before the inner. */
export function lanes<B extends Bar>(bars: readonly B[]): B[][] {
  const rows: { bars: B[]; open: B[] }[] = [];
  for (const bar of bars.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const row = rows.find(({ open }) => {
      while (open.length > 0 && (open.at(-1) as B).end <= bar.start) open.pop();
      return open.length === 0 || bar.end <= (open.at(-1) as B).end;
    });
    if (row) {
      row.bars.push(bar);
      row.open.push(bar);
    } else rows.push({ bars: [bar], open: [bar] });
  }
  return rows.map(({ bars: inRow }) => inRow);
}
