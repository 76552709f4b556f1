import type { Kysely } from 'kysely';
import type { Role } from '../core/account.wire.ts';
import { noData } from '../core/ledger.ts';
import type { PersonRow } from './person.ts';
import type { Schema } from './schema.ts';
import { organisationStream, peopleStream, type Store } from './store.ts';

/**
 * Whether the address that stands for a person was written by somebody who administered the organisation, or by the
 * person, and not by a host, who could write their own. The ledger says so: the actor of the first of the latest events
 * about the person that all have it.
 */
export async function isVouched(
  store: Store,
  db: Kysely<Schema>,
  { person, email, key }: PersonRow,
): Promise<boolean> {
  const rows = await db
    .selectFrom('event')
    .select(['id', 'actor', 'received_at', 'payload', 'digest'])
    .where('organisation', '=', store.organisation)
    .where('stream', '=', peopleStream)
    .where('subject', '=', person)
    .where('type', 'in', ['person.added', 'person.changed', 'person.merged'])
    .orderBy('seq', 'desc')
    .execute();
  let written: { readonly actor: string; readonly received_at: number } | null = null;
  for (const row of rows) {
    // a guest who turned out to be them brings no details
    if (row.digest === noData) continue;
    if (row.payload === null) return false;
    const { data } = store.vault.openPayload(row.id, key, row.payload);
    if ((JSON.parse(data) as { email?: string }).email !== email) break;
    written = row;
  }
  if (written === null) return false;
  const { actor, received_at } = written;
  if (['operator', 'registration', person].includes(actor)) return true;
  return wasAdministrator(store, db, actor, received_at);
}

/** What somebody may do now does not say what they might do then; the ledger keeps when roles changed. */
async function wasAdministrator(
  { organisation }: Store,
  db: Kysely<Schema>,
  actor: string,
  at: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('event')
    .select('facts')
    .where('organisation', '=', organisation)
    .where('stream', '=', organisationStream)
    .where('subject', '=', actor)
    .where('type', 'in', ['account.made', 'role.changed'])
    .where('received_at', '<=', at)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { after, roles = [] } = JSON.parse(row?.facts ?? '{}') as {
    after?: readonly Role[];
    roles?: readonly Role[];
  };
  return (after ?? roles).includes('admin');
}
