import { ChunkSealer, openChunks } from './backup-chunk.ts';
import { BackupError } from './backup-error.ts';
import { type BackupPage, decodePage, type EncodedPage } from './backup-page.ts';
import type { BackupSource } from './backup-source.ts';
import { movedTables } from './move-table.ts';
import type { Snapshot } from './snapshot.ts';

/** Large pages are dealt with faster, and each takes some megabytes of memory at most. */
export const wholePage = 4_000;
/** Dealt with in a few milliseconds, so that nobody whom this process serves waits for it. */
export const smallPage = 400;

/** Rows by table. */
export type RowCounts = Readonly<Record<string, number>>;

/** The last chunk of a backup. */
interface LastChunk {
  readonly counts: RowCounts;
}

/**
 * Writes all tables as sealed chunks.
 * @param see gets every page as it can be read again from what is written
 * @param pageSize rows that are dealt with at once
 */
export async function writeRows(
  snapshot: Snapshot,
  key: Uint8Array,
  write: (piece: Uint8Array) => Promise<void>,
  see: (page: EncodedPage) => void,
  pageSize: number,
): Promise<RowCounts> {
  const sealer = new ChunkSealer(key);
  const counts: Record<string, number> = {};
  const put = async (plain: Uint8Array, isLast = false) => {
    for (const piece of await sealer.seal(plain, isLast)) await write(piece);
  };
  // the next page is read and looked at while this one is compressed and written
  let writing = Promise.resolve();
  for (const table of movedTables) {
    counts[table] = 0;
    for await (const page of snapshot.pages(table, pageSize)) {
      counts[table] += page.rows;
      await writing;
      writing = put(page.data);
      writing.catch(() => {});
      see(page);
    }
  }
  await writing;
  const last: LastChunk = { counts };
  await put(Buffer.from(JSON.stringify(last)), true);
  return counts;
}

/**
 * The pages of a backup, each when its chunk has opened; answers with the counts of its rows once all of it has passed
 * and is what was written.
 * @throws BackupError
 */
export async function* readRows(
  source: BackupSource,
  key: Uint8Array,
): AsyncGenerator<BackupPage, RowCounts> {
  const found: Record<string, number> = {};
  let before: Buffer | null = null;
  for await (const chunk of openChunks(source, key)) {
    if (before) {
      const page = decodePage(before);
      found[page.table] = (found[page.table] ?? 0) + page.rows.length;
      yield page;
    }
    before = chunk;
  }
  const { counts } = JSON.parse((before ?? '{}').toString()) as LastChunk;
  for (const [table, rows] of Object.entries(counts)) {
    if ((found[table] ?? 0) === rows) continue;
    throw new BackupError(
      `The backup ${source.named} lacks rows of ${table}; nothing was restored.`,
    );
  }
  return counts;
}

/**
 * Opens every chunk of what was just written, to its end.
 * @throws BackupError where one does not open
 */
export async function readBackRows(source: BackupSource, key: Uint8Array): Promise<void> {
  for await (const _ of openChunks(source, key)) {
    // that it opens says that it is what was sealed
  }
}
