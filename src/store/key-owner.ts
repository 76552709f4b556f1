import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { KeyError, type KeyFolder } from './key-folder.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

/** The database that a key folder belongs to, as `owner.json` beside the keys says it. */
const keyOwner = z.object({
  /** The number that the database bears. A restored or moved one bears none at first, and never that of another. */
  database: z.number(),
  /** The data folder or the server's database, for people to read. */
  place: z.string(),
  /** ISO 8601. */
  since: z.string(),
});
export type KeyOwner = z.infer<typeof keyOwner>;

const pathOf = (keys: KeyFolder): string => join(keys.path, 'owner.json');

/**
 * Whose keys these are, or null where nobody has claimed them yet.
 * @throws KeyError where the file is damaged
 */
export async function readOwner(keys: KeyFolder): Promise<KeyOwner | null> {
  const path = pathOf(keys);
  const text = await readIfThere(path);
  if (text === undefined) return null;
  try {
    return keyOwner.parse(JSON.parse(text));
  } catch {
    throw new KeyError(
      `${path}, which says whose these keys are, is damaged. Say it anew with: muster key take-over`,
    );
  }
}

/** Whether the owner is, or was, the database of this data folder. */
export const liesIn = async ({ place }: KeyOwner, folder: string): Promise<boolean> =>
  place === (await realpath(folder).catch(() => resolve(folder)));

/** @param put how the file gets into its place */
export const writeOwner = (
  keys: KeyFolder,
  owner: KeyOwner,
  put: (draft: string, path: string) => Promise<void>,
): Promise<void> => writeWhole(pathOf(keys), `${JSON.stringify(owner)}\n`, put);

/** Whose the keys are, and what to do about it, for the people of another database. */
export const describeOwner = (
  keyFolder: string,
  { place, since }: KeyOwner,
): { readonly says: string; readonly todo: string } => ({
  says: `The keys in ${keyFolder} have belonged to the database in ${place} since ${since}. Two databases must not share them: an erasure in one destroys keys that the other needs.`,
  todo: 'Start Muster there; or, if that one is gone or given up, go on here with: muster key take-over, and the --data, --keys or --database that lead here (with these keys no server starts there any more). To use both, copy the key folder, name the copy with --keys, and take that over.',
});

/** The keys belong to another database: these data can be read, and that is all. */
export class KeysTaken extends KeyError {
  constructor(keys: KeyFolder, owner: KeyOwner) {
    const { says, todo } = describeOwner(keys.path, owner);
    super(`${says} ${todo}`);
  }
}
