import type { PersonId } from '../core/brand.ts';
import { padded, type Tx } from './engine.ts';
import { clearAttempts, listAttempts } from './evidence.ts';
import { deleteMailTo } from './mail.ts';
import { deleteLinksTo } from './mailed-link.ts';
import { loadPeople } from './person.ts';
import { listPersonStreams } from './person-stream.ts';
import { passRetired, retireNumbers } from './retired-number.ts';
import type { Store } from './store.ts';

/**
 * Takes away all that says who these people were, in one transaction; ids, marks and times stay. A few people at once:
 * whatever has no index of whom it is about is looked through once for all of them.
 */
export async function clearTraces(store: Store, tx: Tx, people: readonly string[]): Promise<void> {
  const { organisation } = store;
  const all = padded(people);
  const streams = await listPersonStreams(store, tx, people as readonly PersonId[]);
  for (const some of streams) {
    const events = await tx
      .selectFrom('event')
      .select(['id', 'subject', 'payload'])
      .where('organisation', '=', organisation)
      .where('stream', 'in', padded(some))
      .where('subject', 'in', all)
      .where('type', 'in', ['check-in', 'check-in.disputed'])
      .execute();
    const { attempts } = await listAttempts(store, tx, events);
    await clearAttempts(store, tx, attempts);
  }
  const rows = await tx
    .selectFrom('person')
    .select(['person', 'number_index', 'email_index', 'guest_of'])
    .where('organisation', '=', organisation)
    .where('person', 'in', all)
    .execute();
  // without their key too, as after a restore, an index tells their address
  const emails = new Set(rows.flatMap(({ email_index }) => email_index ?? []));
  await clearInvitations(store, tx, people, emails);
  // mails to their addresses, and links that wait for them, lie under the organisation's key
  await deleteMailTo(store, tx, emails);
  await deleteLinksTo(store, tx, emails);
  // nobody is ever given a number again that one of them bore; that it was theirs is forgotten
  for (const person of people) await passRetired(store, tx, person, null);
  const numbers = rows.flatMap(({ number_index, guest_of }) =>
    number_index !== null && guest_of === null ? [{ number_index, person: null }] : [],
  );
  await retireNumbers(store, tx, numbers);
  await tx
    .updateTable('person')
    .set({ sealed: null, number_index: null, email_index: null, state: 'erased' })
    .where('organisation', '=', organisation)
    .where('person', 'in', all)
    .execute();
  for (const some of streams) {
    await tx
      .updateTable('event')
      .set({ payload: null })
      .where('organisation', '=', organisation)
      .where('stream', 'in', padded(some))
      .where('subject', 'in', all)
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
    // only one that came back with an older backup: it names why
    'legal_hold',
  ] as const) {
    await tx
      .deleteFrom(table)
      .where('organisation', '=', organisation)
      .where('person', 'in', all)
      .execute();
  }
}

/** The invitations through which they came name them under the organisation's key. */
async function clearInvitations(
  store: Store,
  tx: Tx,
  people: readonly string[],
  emails: ReadonlySet<string>,
): Promise<void> {
  const { organisation, vault } = store;
  const known = await loadPeople(store, tx, { person: people });
  const names = new Set(known.flatMap(({ email, name }) => (email === null ? name : [])));
  const rows = await tx
    .selectFrom('invitation')
    .select(['invitation', 'sealed'])
    .where('organisation', '=', organisation)
    .execute();
  for (const { invitation, sealed } of rows) {
    const identity = `invitation/${invitation}`;
    const { name, email } = vault.openOwn<{ name: string; email: string | null }>(identity, sealed);
    const isTheirs = email === null ? names.has(name) : emails.has(vault.emailIndex(email));
    if (!isTheirs) continue;
    await tx
      .updateTable('invitation')
      .set({ sealed: vault.sealOwn(identity, { name: 'erased', email: null }) })
      .where('organisation', '=', organisation)
      .where('invitation', '=', invitation)
      .execute();
  }
}
