/** A cell of the register by its place. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** Where a key leads, kept inside the grid; null for a key that does not move. Pure. */
export function moveCell(
  from: CellPlace,
  key: string,
  rows: number,
  columns: number,
): CellPlace | null {
  const move = moves[key];
  if (!move || rows === 0 || columns === 0) return null;
  const keep = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return { row: keep(from.row + move[0], rows), column: keep(from.column + move[1], columns) };
}
