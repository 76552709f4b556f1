import { styleFor } from '../../terminal/style.ts';
import { intoWidth, widthOf } from '../../terminal/width.ts';

const gap = '  ';

/**
 * A table with a heading. In a terminal the last column is cut where a line would be too long; elsewhere nothing is.
 * Without rows, nothing.
 */
export function writeTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  const widths = heading.map((title, column) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const { isTTY, columns } = process.stdout;
  const most = isTTY ? columns : Number.POSITIVE_INFINITY;
  const write = (row: readonly string[]): string => {
    const line = widths.map((width, column) => intoWidth(row[column] ?? '', width)).join(gap);
    return (widthOf(line.trimEnd()) <= most ? line : intoWidth(line, most)).trimEnd();
  };
  const style = styleFor(process.stdout);
  return [style('bold', write(heading)), ...rows.map(write)];
}
