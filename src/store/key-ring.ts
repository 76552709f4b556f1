import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyFolder } from './key-folder.ts';
import type { Store } from './store.ts';
import { syncFolder } from './sync-folder.ts';
import type { WrappedKey } from './vault.ts';
import { writeWhole } from './whole-file.ts';

const ringName = 'people.ring';
const piece = 5_000;

/**
 * Writes down everybody's key as it lies in the database after an erasure: wrapped under the new epoch. It lies with
 * the epoch keys, replaces the one before, and lets an older backup, whose epoch is destroyed, be read without those who
 * were erased.
 */
export async function writeKeyRing({ engine, organisation, keys }: Store): Promise<void> {
  const lines: string[] = [];
  for (let after = ''; ; ) {
    const rows = await engine.read
      .selectFrom('person_key')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('person', '>', after)
      .orderBy('person')
      .limit(piece)
      .execute();
    for (const { person, epoch, wrapped } of rows)
      lines.push(`${person} ${epoch} ${Buffer.from(wrapped).toString('base64')}`);
    const last = rows.at(-1);
    if (!last || rows.length < piece) break;
    after = last.person;
  }
  await writeWhole(join(keys.path, ringName), `${lines.join('\n')}\n`, rename);
  await syncFolder(keys.path);
}

/** The keys of that file, or none where nobody was erased yet. */
export async function readKeyRing(keys: KeyFolder): Promise<ReadonlyMap<string, WrappedKey>> {
  const text = await readFile(join(keys.path, ringName), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    },
  );
  const ring = new Map<string, WrappedKey>();
  for (const line of text.split('\n')) {
    const [person = '', epoch, wrapped] = line.split(' ');
    if (wrapped)
      ring.set(person, { epoch: Number(epoch), wrapped: Buffer.from(wrapped, 'base64') });
  }
  return ring;
}
