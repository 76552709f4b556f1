import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SavedBoard } from './fixture-board.ts';

/** `fixture.json` beside the saved data and keys. */
export interface Fixture {
  /** The schema version that wrote it. */
  readonly schema: number;
  /** What the clock said then, epoch milliseconds. */
  readonly savedAt: number;
  /** Somebody who can sign in. */
  readonly account: { readonly login: string; readonly password: string };
  readonly boards: readonly SavedBoard[];
}

const folder = join(import.meta.dirname, 'fixtures');

/** Every saved installation, with the folder that holds its `data` and `keys`. */
export function listFixtures(): (Fixture & { readonly folder: string })[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const place = join(folder, name);
      const about = JSON.parse(readFileSync(join(place, 'fixture.json'), 'utf8')) as Fixture;
      return { ...about, folder: place };
    })
    .sort((one, other) => one.schema - other.schema);
}
