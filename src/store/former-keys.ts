import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeyFolder } from './key-folder.ts';
import { readOwner } from './key-owner.ts';

/**
 * The key folder, beside that of a new installation, whose data lay in the same place before and are gone; null where
 * there is none, or where the keys do not lie by installation.
 */
export async function findFormerKeys(
  { id, keys }: { readonly id: string; readonly keys: KeyFolder },
  dataFolder: string,
): Promise<string | null> {
  if (basename(keys.path) !== id) return null;
  const place = await realpath(dataFolder);
  const all = dirname(keys.path);
  // only a hint: where others cannot be read, the start goes on without it
  for (const name of await readdir(all).catch(() => [])) {
    if (name === id) continue;
    const owner = await readOwner(new KeyFolder(join(all, name))).catch(() => null);
    if (owner?.place === place) return join(all, name);
  }
  return null;
}
