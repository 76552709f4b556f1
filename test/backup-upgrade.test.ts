import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChunkSealer, deriveChunkKey } from '../src/store/backup-chunk.ts';
import { type RowHeader, readHeader, writeHeader } from '../src/store/backup-file.ts';
import { encodePage } from '../src/store/backup-page.ts';
import { newestVersion } from '../src/store/migrations/map.ts';
import { movedTables } from '../src/store/move-table.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { backUp, openFree, openSchoolOn, putBack } from './backup-place.ts';
import { engineNames } from './engines.ts';
import { openAt, tablesOf } from './move-place.ts';
import { type Fixture, listFixtures } from './upgrade/fixture.ts';
import { openSaved, type SavedDatabase } from './upgrade/saved-database.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-backup-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const older = listFixtures().filter(({ schema }) => schema < newestVersion);
const cases = older.flatMap((fixture) => engineNames.map((engine) => ({ fixture, engine })));

/** A backup as the version that saved this database would have written it. */
async function writeOlder(saved: SavedDatabase, { schema, savedAt }: Fixture): Promise<string> {
  const keysFor = () => join(saved.folder, 'keys');
  const address = { engine: 'sqlite', folder: join(saved.folder, 'data') } as const;
  await using opened = await openAt(address, { keysFor });
  const { installation, store } = opened;
  const [organisation] = saved.rows.get('organisation') ?? [];
  const header: RowHeader = {
    format: 'rows',
    madeAt: savedAt,
    checks: [installation.keyCheck],
    installation: installation.id,
    schema,
    organisation: store.organisation,
    wrappedKey: Buffer.from(organisation?.wrapped_key as Uint8Array).toString('base64'),
    salt: Buffer.alloc(16).toString('base64'),
  };
  const line = writeHeader(header);
  const sealer = new ChunkSealer(deriveChunkKey(store.vault.backupKey, line));
  const pieces: Uint8Array[] = [Buffer.from(line)];
  const counts: Record<string, number> = {};
  for (const table of movedTables) {
    const rows = saved.rows.get(table);
    if (!rows) continue;
    counts[table] = rows.length;
    if (rows.length > 0) pieces.push(...(await sealer.seal(encodePage({ table, rows }).data)));
  }
  pieces.push(...(await sealer.seal(Buffer.from(JSON.stringify({ counts })), true)));
  const file = join(folder, 'older.backup');
  await writeFile(file, Buffer.concat(pieces));
  return file;
}

describe('a backup of an older schema', () => {
  test.each(cases)('$fixture.schema becomes the newest in $engine', async ({ fixture, engine }) => {
    await using saved = await openSaved(fixture, 'sqlite');
    const keysFor = () => join(saved.folder, 'keys');
    const file = await writeOlder(saved, fixture);
    await using place = await openFree(engine);
    await putBack(file, place.into, { keysFor });
    await using there = await openAt(place.address, { keysFor });
    const address = { engine: 'sqlite', folder: join(saved.folder, 'data') } as const;
    await using upgraded = await openAt(address, { keysFor });
    expect(await tablesOf(there)).toEqual(await tablesOf(upgraded));
    expect(await finish(verifyLedger(there.store))).toMatchObject({ ok: true });
  });

  test('that is newer than this Muster is refused', async () => {
    await using source = await openSchoolOn('sqlite');
    const file = join(folder, 'newer.backup');
    await backUp(source, file);
    const whole = await readFile(file);
    const header = (await readHeader(file)) as RowHeader;
    const line = writeHeader({ ...header, schema: newestVersion + 1 });
    const body = whole.subarray(whole.indexOf(10) + 1);
    await writeFile(file, Buffer.concat([Buffer.from(line), body]));
    await using place = await openFree('sqlite');
    await expect(putBack(file, place.into, source.home)).rejects.toThrow(
      /made by a newer Muster \(schema/,
    );
  });
});
