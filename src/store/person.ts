import type { Kysely } from 'kysely';
import type { Instant, PersonId, SessionId } from '../core/brand.ts';
import { makeId } from '../core/id.ts';
import { type Identity, listChanged, tidyIdentity } from '../core/identity.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { padded } from './engine.ts';
import { holdEpoch } from './epoch.ts';
import { loadPersonKeys } from './key.ts';
import { commit, type EventDraft, type Writing } from './ledger.ts';
import { deleteMailedLinks } from './mailed-link.ts';
import { loadRetired, retireNumbers } from './retired-number.ts';
import type { PersonTable, Schema } from './schema.ts';
import { peopleStream, type Store, sessionStream } from './store.ts';

/** A person of the organisation with all that is written about them, and the key to it. */
export interface PersonRow extends Identity {
  readonly person: PersonId;
  readonly row: PersonTable;
  readonly key: Uint8Array;
}

/**
 * Adds people of the organisation, each with a key of their own and a `person.added` event; ids in the given order.
 * @throws a unique violation where a number or an address is taken; an error where a number was in use before
 */
export async function insertPeople(
  store: Store,
  { tx, now, lock, append }: Writing,
  actor: string,
  people: readonly Identity[],
): Promise<PersonId[]> {
  const { organisation, vault, engine } = store;
  await holdEpoch(store, tx);
  const numbers = people.flatMap(({ number }) => number ?? []);
  if (numbers.length > 0) {
    await lock([peopleStream]);
    const retired = await loadRetired(store, tx, numbers);
    if (retired.size > 0) throw new Error('a number that was in use before is given again');
  }
  const made = people.map((identity) => {
    const person = makeId<PersonId>(now, store.random);
    return { person, key: vault.makePersonKey(person), identity };
  });
  await Promise.all([
    engine.insertMany(
      tx,
      'person',
      made.map(({ person, key, identity }) => ({
        organisation,
        person,
        ...sealIdentity(store, person, key, identity),
        guest_of: null,
        state: 'active',
        merged_into: null,
        added_at: now,
      })),
    ),
    engine.insertMany(
      tx,
      'person_key',
      made.map(({ person, key }) => ({
        organisation,
        person,
        ...vault.wrapPersonKey(person, key),
      })),
    ),
    append(
      made.map(({ person, key, identity }) =>
        draft('person.added', actor, now, person, key, identity),
      ),
    ),
  ]);
  return made.map(({ person }) => person);
}

/**
 * Makes people what is given, each with a `person.changed` event that holds them whole and what was otherwise before.
 * Numbers that they bore go out of use for everybody else.
 * @throws a unique violation where a number or an address is taken
 */
export async function updatePeople(
  store: Store,
  { tx, now, append }: Writing,
  actor: string,
  changes: readonly { readonly from: PersonRow; readonly to: Identity }[],
): Promise<void> {
  const left = changes.flatMap(({ from: { row, person, number }, to }) =>
    row.number_index !== null && number !== to.number
      ? { number_index: row.number_index, person }
      : [],
  );
  await retireNumbers(store, tx, left);
  // whoever reads mail at the former address must not set a password any more
  const moved = changes.flatMap(({ from, to }) => (from.email !== to.email ? from.person : []));
  await deleteMailedLinks(store, tx, moved, 'password');
  await Promise.all([
    store.engine.upsertMany(
      tx,
      'person',
      ['organisation', 'person'],
      changes.map(({ from: { row, person, key }, to }) => ({
        ...row,
        ...sealIdentity(store, person, key, to),
      })),
    ),
    append(
      changes.map(({ from, to }) =>
        draft('person.changed', actor, now, from.person, from.key, to, listChanged(from, to)),
      ),
    ),
  ]);
}

/**
 * Changes one person; what is left out stays, and own fields are taken whole. Refuses `not-found`, `number-taken`,
 * `number-retired`, `email-taken`.
 */
export async function changePerson(
  store: Store,
  actor: string,
  person: PersonId,
  change: Partial<Identity>,
): Promise<{ ok: true } | Refusal> {
  try {
    return await commit(store, async (writing) => {
      await writing.lock([peopleStream]);
      const found = await loadPeople(store, writing.tx, { person: [person] });
      const from = found[0];
      if (!from) return refuse('not-found');
      const to = tidyIdentity({ ...tidyIdentity(from), ...change });
      if (Object.keys(listChanged(from, to)).length === 0) return { ok: true };
      const taken = await findTaken(store, writing.tx, person, to);
      if (taken) return taken;
      await updatePeople(store, writing, actor, [{ from, to }]);
      return { ok: true };
    });
  } catch (error) {
    if (!store.engine.isUniqueViolation(error)) throw error;
    // somebody took it at the same moment: it is theirs now
    return (await findTaken(store, store.engine.read, person, change)) ?? refuse('number-taken');
  }
}

/** A guest is called from now on what the phone said whose claim was kept; of the enrolled nothing changes. */
export async function nameGuestAsClaimed(
  store: Store,
  { tx, now, append }: Writing,
  actor: string,
  { session, person, browser }: { session: SessionId; person: PersonId; browser: string },
): Promise<void> {
  const [guest] = await loadPeople(store, tx, { person: [person] });
  if (guest?.row.guest_of !== session) return;
  const events = await tx
    .selectFrom('event')
    .select(['id', 'payload'])
    .where('organisation', '=', store.organisation)
    .where('stream', '=', sessionStream(session))
    .where('subject', '=', person)
    .where('type', 'in', ['check-in', 'check-in.disputed'])
    .orderBy('seq')
    .execute();
  const said = events
    .flatMap(({ id, payload }) => (payload ? store.vault.openPayload(id, guest.key, payload) : []))
    .map(({ data }) => JSON.parse(data) as { browser?: string; name?: string })
    .findLast((claim) => claim.browser === browser);
  if (!said?.name || said.name === guest.name) return;
  const to = { ...tidyIdentity(guest), name: said.name };
  await tx
    .updateTable('person')
    .set({ sealed: store.vault.sealPerson(person, guest.key, to) })
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .execute();
  await append([draft('person.changed', actor, now, person, guest.key, to)]);
}

/**
 * The people with these ids, numbers or addresses, opened, the deactivated among them; a number or address is given as
 * it is kept.
 */
export async function loadPeople(
  store: Store,
  db: Kysely<Schema>,
  by: { person?: readonly string[]; number?: readonly string[]; email?: readonly string[] },
): Promise<PersonRow[]> {
  const { vault, organisation } = store;
  const numbers = by.number?.map((number) => vault.numberIndex(number)) ?? [];
  const emails = by.email?.map((email) => vault.emailIndex(email)) ?? [];
  const wanted = [
    ['person', by.person ?? []],
    ['number_index', numbers],
    ['email_index', emails],
  ] as const;
  const rows = new Map<string, PersonTable>();
  for (const [column, values] of wanted) {
    if (values.length === 0) continue;
    const found = await db
      .selectFrom('person')
      .selectAll()
      .where('organisation', '=', organisation)
      .where(column, 'in', padded([...new Set(values)]))
      .where('state', 'in', ['active', 'inactive'])
      .execute();
    for (const row of found) rows.set(row.person, row);
  }
  const keys = await loadPersonKeys(store, db, rows.keys());
  return [...rows.values()].flatMap((row) => {
    const key = keys.get(row.person);
    if (!key || !row.sealed) return [];
    const identity = vault.openPerson(row.person, key, row.sealed);
    return { ...identity, person: row.person as PersonId, row, key };
  });
}

/** Refuses a number or an address that another than this person has or had. Hold the stream of people. */
export async function findTaken(
  store: Store,
  db: Kysely<Schema>,
  person: PersonId | null,
  { number, email }: Partial<Identity>,
): Promise<Refusal | null> {
  const others = (rows: readonly PersonRow[]) => rows.some((row) => row.person !== person);
  if (number && others(await loadPeople(store, db, { number: [number] }))) {
    return refuse('number-taken');
  }
  const bearer = number ? (await loadRetired(store, db, [number])).get(number) : undefined;
  if (bearer !== undefined && (bearer === null || bearer !== person))
    return refuse('number-retired');
  return email && others(await loadPeople(store, db, { email: [email] }))
    ? refuse('email-taken')
    : null;
}

function sealIdentity(store: Store, person: PersonId, key: Uint8Array, identity: Identity) {
  const { number, email } = identity;
  return {
    number_index: number === null ? null : store.vault.numberIndex(number),
    email_index: email === null ? null : store.vault.emailIndex(email),
    sealed: store.vault.sealPerson(person, key, tidyIdentity(identity)),
  };
}

function draft(
  type: string,
  actor: string,
  now: Instant,
  person: PersonId,
  key: Uint8Array,
  identity: Identity,
  before?: Readonly<Record<string, unknown>>,
): EventDraft {
  return {
    stream: peopleStream,
    type,
    occurredAt: now,
    actor,
    subject: person,
    key,
    data: { ...tidyIdentity(identity), ...(before ? { before } : {}) },
  };
}
