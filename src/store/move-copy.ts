import type { Engine } from './engine.ts';
import { TableDigest, type TableSum } from './move-digest.ts';
import type { MovedTable } from './move-table.ts';
import { walkTable } from './move-walk.ts';

/** How far a move has come. */
export interface MoveStep {
  readonly doing: 'copy' | 'compare';
  readonly rows: number;
  readonly ofRows: number;
}

/**
 * Copies a table in order of its key, one transaction a page; answers with the sum of the source's rows.
 * @param standing how many rows are there already: the first ones, for they came in the same order
 */
export async function copyTable(
  source: Pick<Engine, 'read'>,
  target: Engine,
  table: MovedTable,
  standing: number,
  tell: (rows: number) => void = () => {},
): Promise<TableSum> {
  const digest = new TableDigest();
  let walked = 0;
  for await (const page of walkTable(source.read, table)) {
    digest.add(page);
    const missing = page.slice(Math.max(0, standing - walked)) as never[];
    if (missing.length > 0) {
      // an interrupted commit may have brought some of them over
      await target.write((tx) => target.insertMissing(tx, table, missing));
    }
    walked += page.length;
    tell(page.length);
  }
  return digest.sum();
}

/** The sum of a table's rows. */
export async function sumTable(
  { read }: Pick<Engine, 'read'>,
  table: MovedTable,
  tell: (rows: number) => void = () => {},
): Promise<TableSum> {
  const digest = new TableDigest();
  for await (const page of walkTable(read, table)) {
    digest.add(page);
    tell(page.length);
  }
  return digest.sum();
}
