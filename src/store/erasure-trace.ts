import type { PersonId, StreamName } from '../core/brand.ts';
import { padded, type Tx } from './engine.ts';
import { loadPersonKeys } from './key.ts';
import { loadPeople } from './person.ts';
import { listPersonStreams } from './person-stream.ts';
import { passRetired, retireNumbers } from './retired-number.ts';
import type { Store } from './store.ts';

/** Takes away all that says who a person was, in one transaction; ids, marks and times stay. */
export async function clearTraces(store: Store, tx: Tx, person: string): Promise<void> {
  const { organisation } = store;
  const streams = await listPersonStreams(store, tx, [person as PersonId]);
  await clearAttempts(store, tx, person, streams);
  await clearInvitations(store, tx, person);
  await retireNumber(store, tx, person);
  await tx
    .updateTable('person')
    .set({ sealed: null, number_index: null, email_index: null, state: 'erased' })
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .execute();
  for (const some of streams) {
    await tx
      .updateTable('event')
      .set({ payload: null })
      .where('organisation', '=', organisation)
      .where('stream', 'in', padded(some))
      .where('subject', '=', person)
      .execute();
  }
  for (const table of [
    'person_key',
    'credential',
    'assigned_password',
    'pin',
    'passkey',
    'totp',
    'recovery_code',
    'mailed_link',
    'sign_in',
    'role',
    'group_host',
    'group_supervisor',
    'guarded_enrolment',
    'claim',
  ] as const) {
    await tx
      .deleteFrom(table)
      .where('organisation', '=', organisation)
      .where('person', '=', person)
      .execute();
  }
}

/** Nobody is ever given a number again that the person bore; that it was theirs is forgotten. */
async function retireNumber(store: Store, tx: Tx, person: string): Promise<void> {
  const row = await tx
    .selectFrom('person')
    .select('number_index')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .where('guest_of', 'is', null)
    .executeTakeFirst();
  await passRetired(store, tx, person, null);
  const number_index = row?.number_index;
  if (number_index) await retireNumbers(store, tx, [{ number_index, person: null }]);
}

/** An attempt's digest covers number and name, and its browser would tie the person to others it spoke for. */
async function clearAttempts(
  store: Store,
  tx: Tx,
  person: string,
  streams: readonly (readonly StreamName[])[],
): Promise<void> {
  const { organisation, vault } = store;
  const key = (await loadPersonKeys(store, tx, [person])).get(person);
  if (!key) return;
  const events: { id: string; payload: Uint8Array | null }[] = [];
  for (const some of streams) {
    const found = await tx
      .selectFrom('event')
      .select(['id', 'payload'])
      .where('organisation', '=', organisation)
      .where('stream', 'in', padded(some))
      .where('subject', '=', person)
      .where('type', 'in', ['check-in', 'check-in.disputed'])
      .execute();
    events.push(...found);
  }
  for (const { id, payload } of events) {
    if (!payload) continue;
    const { attempt } = JSON.parse(vault.openPayload(id, key, payload).data) as {
      attempt?: string;
    };
    if (!attempt) continue;
    await tx
      .updateTable('attempt')
      .set({ browser: '', body_digest: '' })
      .where('organisation', '=', organisation)
      .where('attempt', '=', attempt)
      .execute();
  }
}

/** The invitation through which somebody came names them under the organisation's key. */
async function clearInvitations(store: Store, tx: Tx, person: string): Promise<void> {
  const { organisation, vault } = store;
  const [known] = await loadPeople(store, tx, { person: [person] });
  if (!known) return;
  const rows = await tx
    .selectFrom('invitation')
    .select(['invitation', 'sealed'])
    .where('organisation', '=', organisation)
    .execute();
  for (const { invitation, sealed } of rows) {
    const identity = `invitation/${invitation}`;
    const { name, email } = vault.openOwn<{ name: string; email: string | null }>(identity, sealed);
    const isTheirs =
      known.email === null ? email === null && name === known.name : email === known.email;
    if (!isTheirs) continue;
    await tx
      .updateTable('invitation')
      .set({ sealed: vault.sealOwn(identity, { name: 'erased', email: null }) })
      .where('organisation', '=', organisation)
      .where('invitation', '=', invitation)
      .execute();
  }
}
