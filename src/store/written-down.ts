import type { Instant } from '../core/brand.ts';
import { organisationStream, peopleStream, type Store } from './store.ts';

/** When the keys were last put on paper: a sheet or shares. */
export interface WrittenDown {
  readonly at: Instant;
  /** When a rotation or an erasure has made other keys since, or null: the paper opens no backup from after that. */
  readonly outdatedAt: Instant | null;
}

type Reader = Pick<Store, 'engine' | 'organisation'>;

/** @returns null where they never were */
export async function loadWrittenDown(store: Reader): Promise<WrittenDown | null> {
  const at = await loadNewestAt(store, organisationStream, 'recovery-sheet.made');
  if (at === null) return null;
  const changes = await Promise.all([
    loadRotatedAt(store),
    loadNewestAt(store, peopleStream, 'person.erased'),
  ]);
  const newest = changes.reduce((one, other) => ((other ?? 0) > (one ?? 0) ? other : one));
  return { at, outdatedAt: newest !== null && newest > at ? newest : null };
}

export const loadRotatedAt = (store: Reader): Promise<Instant | null> =>
  loadNewestAt(store, organisationStream, 'master-key.rotated');

async function loadNewestAt(
  { engine, organisation }: Reader,
  stream: string,
  type: string,
): Promise<Instant | null> {
  const row = await engine.read
    .selectFrom('event')
    .select('received_at')
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('type', '=', type)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (row?.received_at ?? null) as Instant | null;
}
