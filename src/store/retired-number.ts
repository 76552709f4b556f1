import type { Kysely } from 'kysely';
import { padded, type Tx } from './engine.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/** Takes numbers out of use for everybody but who bore them; `person` null: for everybody. */
export async function retireNumbers(
  { engine, organisation }: Store,
  tx: Tx,
  numbers: readonly { readonly number_index: string; readonly person: string | null }[],
): Promise<void> {
  await engine.upsertMany(
    tx,
    'retired_number',
    ['organisation', 'number_index'],
    numbers.map((number) => ({ organisation, ...number })),
  );
}

/** Who bore these numbers that are out of use, by number; null: nobody may have it again. Hold the stream of people. */
export async function loadRetired(
  { vault, organisation }: Store,
  db: Kysely<Schema>,
  numbers: readonly string[],
): Promise<Map<string, string | null>> {
  if (numbers.length === 0) return new Map();
  const byIndex = new Map(numbers.map((number) => [vault.numberIndex(number), number]));
  const rows = await db
    .selectFrom('retired_number')
    .select(['number_index', 'person'])
    .where('organisation', '=', organisation)
    .where('number_index', 'in', padded([...byIndex.keys()]))
    .execute();
  return new Map(
    rows.map(({ number_index, person }) => [byIndex.get(number_index) as string, person]),
  );
}

/** Gives the numbers that this person bore to another who is the same, or, with null, to nobody for good. */
export async function passRetired(
  { organisation }: Store,
  tx: Tx,
  from: string,
  to: string | null,
): Promise<void> {
  await tx
    .updateTable('retired_number')
    .set({ person: to })
    .where('organisation', '=', organisation)
    .where('person', '=', from)
    .execute();
}
