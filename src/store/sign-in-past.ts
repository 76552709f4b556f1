import type { Instant, PersonId } from '../core/brand.ts';
import { loadPersonKeys } from './key.ts';
import { organisationStream, type Store } from './store.ts';

/** Events have no index of whom they are about: so many of the newest are looked through. */
const depth = 50_000;
const most = 50;

/** A sign-in that was made or refused. */
export interface PastSignIn {
  readonly at: Instant;
  readonly ok: boolean;
  readonly how: string;
  readonly device: string;
  readonly address: string;
}

/** A person's sign-ins among the newest events of the organisation, newest first. */
export async function listPastSignIns(store: Store, person: PersonId): Promise<PastSignIn[]> {
  const { engine, organisation, vault } = store;
  const head = await engine.read
    .selectFrom('stream')
    .select('seq')
    .where('organisation', '=', organisation)
    .where('stream', '=', organisationStream)
    .executeTakeFirst();
  const rows = await engine.read
    .selectFrom('event')
    .select(['id', 'type', 'received_at', 'facts', 'payload'])
    .where('organisation', '=', organisation)
    .where('stream', '=', organisationStream)
    .where('seq', '>', (head?.seq ?? 0) - depth)
    .where('subject', '=', person)
    .where('type', 'in', ['sign-in.made', 'sign-in.refused'])
    .orderBy('seq', 'desc')
    .limit(most)
    .execute();
  const key = (await loadPersonKeys(store, engine.read, [person])).get(person) ?? null;
  return rows.map(({ id, type, received_at, facts, payload }) => {
    const { how = '' } = JSON.parse(facts) as { how?: string };
    const opened = payload && key ? vault.openPayload(id, key, payload).data : '{}';
    const { device = '', address = '' } = JSON.parse(opened) as Partial<PastSignIn>;
    return { at: received_at as Instant, ok: type === 'sign-in.made', how, device, address };
  });
}
