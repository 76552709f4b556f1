import type { PersonId, SessionId } from '../core/brand.ts';
import { listChanged, tidyIdentity } from '../core/identity.ts';
import type { Refusal } from '../core/refusal.ts';
import { checkReplaceable } from './administrator.ts';
import { padded, type Tx } from './engine.ts';
import { setEnrolments } from './enrolment.ts';
import { commit, type Writing } from './ledger.ts';
import { deleteMailedLinks } from './mailed-link.ts';
import { type MergeOrder, type MergePlan, planMerge } from './person-merge-plan.ts';
import { passRetired, retireNumbers } from './retired-number.ts';
import {
  groupStream,
  organisationStream,
  peopleStream,
  type Store,
  sessionStream,
} from './store.ts';

const chunk = 256;

/** What somebody signs in with, and may do: it ends with the person who goes. */
const accountTables = [
  'role',
  'credential',
  'sign_in',
  'sign_in_link',
  'assigned_password',
  'pin',
  'passkey',
  'totp',
  'recovery_code',
  'mailed_link',
] as const;

/**
 * Makes one person of two: details, enrolments, records and claims of the one who goes move to the one who stays. The
 * account of the one who goes ends. One event says so to the people, one to each session in which a record moves.
 * Refuses as `planMerge`, and `last-admin`.
 */
export async function mergePeople(
  store: Store,
  actor: string,
  order: MergeOrder,
): Promise<({ ok: true } & MergePlan) | Refusal> {
  const first = await planMerge(store, store.engine.read, order);
  if (!first.ok) return first;
  return commit(store, async (writing) => {
    // a session that is open can get a record until it is held
    const busy = first.sessions.filter(({ state }) => state === 'open' || state === 'planned');
    await writing.lock([
      organisationStream,
      peopleStream,
      ...first.groups.map(({ group }) => groupStream(group)),
      ...[...busy, ...first.records.map(({ session }) => session)].map(({ session }) =>
        sessionStream(session as SessionId),
      ),
    ]);
    const plan = await planMerge(store, writing.tx, order);
    if (!plan.ok) return plan;
    const allowed = await checkReplaceable(store, writing.tx, order.from);
    if (!allowed.ok) return allowed;
    await moveIdentity(store, writing, actor, plan);
    await moveEnrolments(store, writing, actor, plan);
    await moveRecords(store, writing, actor, plan);
    await endAccount(store, writing.tx, order);
    return plan;
  });
}

async function moveIdentity(
  store: Store,
  { tx, now, append }: Writing,
  actor: string,
  { from, into, identity, groups }: MergePlan,
): Promise<void> {
  const { organisation, vault } = store;
  const at = (person: PersonId) => (column: 'person' | 'merged_into') =>
    tx.updateTable('person').where('organisation', '=', organisation).where(column, '=', person);
  await at(from.person)('person')
    .set({ state: 'merged', merged_into: into.person, number_index: null, email_index: null })
    .execute();
  await at(from.person)('merged_into').set({ merged_into: into.person }).execute();
  const { number, email } = identity;
  await at(into.person)('person')
    .set({
      number_index: number === null ? null : vault.numberIndex(number),
      email_index: email === null ? null : vault.emailIndex(email),
      sealed: vault.sealPerson(into.person, into.key, identity),
    })
    .execute();
  const left = [from, into].flatMap((person) =>
    person.row.number_index !== null && person.number !== number
      ? { number_index: person.row.number_index, person: into.person }
      : [],
  );
  await retireNumbers(store, tx, left);
  await passRetired(store, tx, from.person, into.person);
  if (email !== into.email) await deleteMailedLinks(store, tx, [into.person], 'password');
  await append([
    {
      stream: peopleStream,
      type: 'person.merged',
      occurredAt: now,
      actor,
      subject: into.person,
      key: into.key,
      facts: { alias: from.person, groups: groups.map(({ group }) => group) },
      data: {
        ...identity,
        before: listChanged(into, identity),
        merged: { ...tidyIdentity(from) },
      },
    },
  ]);
}

async function moveEnrolments(
  store: Store,
  writing: Writing,
  actor: string,
  { from, into, groups }: MergePlan,
): Promise<void> {
  for (const { group, before, after } of groups) {
    if (before?.from === after.from && before.until === after.until) continue;
    await setEnrolments(store, writing, actor, group, [{ person: into.person, before, after }]);
  }
  await writing.tx
    .deleteFrom('enrolment')
    .where('organisation', '=', store.organisation)
    .where('person', '=', from.person)
    .execute();
}

async function moveRecords(
  store: Store,
  { tx, now, append }: Writing,
  actor: string,
  { from, into, records, sessions }: MergePlan,
): Promise<void> {
  const { organisation } = store;
  for (let start = 0; start < sessions.length; start += chunk) {
    const ids = sessions.slice(start, start + chunk).map(({ session }) => session as SessionId);
    await tx
      .updateTable('claim')
      .set({ person: into.person })
      .where('organisation', '=', organisation)
      .where('session', 'in', padded(ids))
      .where('person', '=', from.person)
      .execute();
    await moveAttempts(store, tx, ids, from.person, from.key, into.person);
  }
  await append(
    records.map(({ session, result }) => ({
      stream: sessionStream(session.session as SessionId),
      type: 'person.merged',
      occurredAt: now,
      actor,
      subject: into.person,
      movedFrom: from.person,
      record: result,
    })),
  );
}

/** A phone that sent an attempt asks for what came of it: it is found through the events of the person. */
async function moveAttempts(
  { organisation, vault }: Store,
  tx: Tx,
  sessions: readonly SessionId[],
  from: PersonId,
  key: Uint8Array,
  into: PersonId,
): Promise<void> {
  const events = await tx
    .selectFrom('event')
    .select(['id', 'payload'])
    .where('organisation', '=', organisation)
    .where('stream', 'in', padded(sessions.map(sessionStream)))
    .where('subject', '=', from)
    .where('type', 'in', ['check-in', 'check-in.disputed'])
    .execute();
  for (const { id, payload } of events) {
    if (!payload) continue;
    const { attempt } = JSON.parse(vault.openPayload(id, key, payload).data) as {
      attempt?: string;
    };
    if (!attempt) continue;
    await tx
      .updateTable('attempt')
      .set({ person: into })
      .where('organisation', '=', organisation)
      .where('attempt', '=', attempt)
      .execute();
  }
}

/** Groups that were run or supervised go on with the one who stays, where that one may; all else ends. */
async function endAccount(
  { engine, organisation }: Store,
  tx: Tx,
  { from, into }: MergeOrder,
): Promise<void> {
  const roles = await tx
    .selectFrom('role')
    .select('role')
    .where('organisation', '=', organisation)
    .where('person', '=', into)
    .execute();
  const has = (...names: string[]) => roles.some(({ role }) => names.includes(role));
  for (const [table, isHeir] of [
    ['group_host', has('host', 'admin')],
    ['group_supervisor', has('supervisor')],
  ] as const) {
    const rows = await tx
      .selectFrom(table)
      .selectAll()
      .where('organisation', '=', organisation)
      .where('person', '=', from)
      .execute();
    const heirs = rows.map(({ group }) => ({ organisation, group, person: into }));
    if (isHeir) await engine.insertMissing(tx, table, heirs);
    await tx
      .deleteFrom(table)
      .where('organisation', '=', organisation)
      .where('person', '=', from)
      .execute();
  }
  for (const table of accountTables) {
    await tx
      .deleteFrom(table)
      .where('organisation', '=', organisation)
      .where('person', '=', from)
      .execute();
  }
}
