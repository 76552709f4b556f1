import type { Kysely } from 'kysely';
import type { z } from 'zod';
import type { Writing } from './ledger.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/** A setting of the organisation, or `fallback` where it was never made or no longer has its shape. */
export async function loadSetting<T>(
  store: Store,
  setting: string,
  shape: z.ZodType<T>,
  fallback: T,
  db: Kysely<Schema> = store.engine.read,
): Promise<T> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('organisation', '=', store.organisation)
    .where('setting', '=', setting)
    .executeTakeFirst();
  if (!row) return fallback;
  const parsed = shape.safeParse(JSON.parse(row.value));
  return parsed.success ? parsed.data : fallback;
}

/** Makes or replaces a setting; the caller locks the organisation's stream and appends the event. */
export async function saveSetting(
  store: Store,
  { tx }: Pick<Writing, 'tx'>,
  setting: string,
  value: unknown,
): Promise<void> {
  const { engine, organisation } = store;
  const row = { organisation, setting, value: JSON.stringify(value) };
  await engine.upsertMany(tx, 'setting', ['organisation', 'setting'], [row]);
}
