import type { Instant, PersonId } from '../core/brand.ts';
import { loadPersonKeys } from './key.ts';
import type { EventTable } from './schema.ts';
import { organisationStream, type Store } from './store.ts';
import { loadStreamHead } from './stream-walk.ts';

/** Events have no index of whom they are about: so many are looked through in one go, and so many at most. */
const window = 10_000;
const depth = 400_000;
const most = 50;

/** A sign-in that was made or refused. */
export interface PastSignIn {
  readonly at: Instant;
  readonly ok: boolean;
  readonly how: string;
  readonly device: string;
  readonly address: string;
}

/** A person's newest sign-ins, newest first, as far as the newest events of the organisation tell of them. */
export async function listPastSignIns(store: Store, person: PersonId): Promise<PastSignIn[]> {
  const { engine, vault } = store;
  const { seq: head } = await loadStreamHead(store, engine.read, organisationStream);
  const rows: Found[] = [];
  for (let top = head; top > Math.max(0, head - depth) && rows.length < most; top -= window) {
    rows.push(...(await look(store, person, top, most - rows.length)));
  }
  const key = (await loadPersonKeys(store, engine.read, [person])).get(person) ?? null;
  return rows.map(({ id, type, received_at, facts, payload }) => {
    const { how = '' } = JSON.parse(facts) as { how?: string };
    const opened = payload && key ? vault.openPayload(id, key, payload).data : '{}';
    const { device = '', address = '' } = JSON.parse(opened) as Partial<PastSignIn>;
    return { at: received_at as Instant, ok: type === 'sign-in.made', how, device, address };
  });
}

type Found = Pick<EventTable, 'id' | 'type' | 'received_at' | 'facts' | 'payload'>;

function look(
  { engine, organisation }: Store,
  person: PersonId,
  top: number,
  limit: number,
): Promise<Found[]> {
  return engine.read
    .selectFrom('event')
    .select(['id', 'type', 'received_at', 'facts', 'payload'])
    .where('organisation', '=', organisation)
    .where('stream', '=', organisationStream)
    .where('seq', '>', top - window)
    .where('seq', '<=', top)
    .where('subject', '=', person)
    .where('type', 'in', ['sign-in.made', 'sign-in.refused'])
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}
