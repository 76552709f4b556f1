import { z } from 'zod';
import type { Instant } from '../core/brand.ts';
import { commit } from './ledger.ts';
import { loadSetting, saveSetting } from './setting.ts';
import type { Store } from './store.ts';

const name = 'retention-looked';
const looked = z.strictObject({ at: z.number() });

/** When a run last came to its end, whether it found something or not; null: never. */
export async function loadLookedAt(store: Store): Promise<Instant | null> {
  const found = await loadSetting(store, name, looked.nullable(), null);
  return (found?.at ?? null) as Instant | null;
}

/** A run has come to its end now. */
export const noteLooked = (store: Store): Promise<void> =>
  commit(store, (writing) => saveSetting(store, writing, name, { at: writing.now }));
