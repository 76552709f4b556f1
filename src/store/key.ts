import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

const chunk = 500;

/** The data keys of these people; an erased person has none. */
export async function loadPersonKeys(
  store: Store,
  db: Kysely<Schema>,
  people: Iterable<string>,
): Promise<Map<string, Uint8Array>> {
  const keys = new Map<string, Uint8Array>();
  const wanted: string[] = [];
  for (const person of new Set(people)) {
    const held = store.vault.heldKey(person);
    if (held) keys.set(person, held);
    else wanted.push(person);
  }
  for (let start = 0; start < wanted.length; start += chunk) {
    const rows = await db
      .selectFrom('person_key')
      .selectAll()
      .where('organisation', '=', store.organisation)
      .where('person', 'in', wanted.slice(start, start + chunk))
      .execute();
    for (const { person, epoch, wrapped } of rows)
      keys.set(person, store.vault.personKey(person, { epoch, wrapped }));
  }
  return keys;
}
