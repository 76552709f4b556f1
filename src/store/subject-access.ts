import type { GroupId, Instant, PersonId } from '../core/brand.ts';
import { tidyIdentity } from '../core/identity.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { loadGroup } from './group.ts';
import { isHeld } from './held.ts';
import { type HistoryEvent, loadPersonHistory } from './history.ts';
import { commit } from './ledger.ts';
import { listMailTo } from './mail.ts';
import { loadOwnFields } from './own-field.ts';
import { listPasskeys } from './passkey.ts';
import { loadPeople } from './person.ts';
import { listAttendance } from './person-attendance.ts';
import { listPersonGroups, loadRoles } from './person-group.ts';
import { withAliases } from './person-stream.ts';
import { listSignIns } from './sign-in-list.ts';
import { organisationStream, type Store } from './store.ts';

/** Everything that is kept about one person, opened. Secrets (hashes, keys) are named by their being there only. */
export type SubjectData = Awaited<ReturnType<typeof collect>>;

/**
 * Everything about a person, for the person. The ledger keeps who took it out, before it is given. Refuses `not-found`
 * for nobody, a guest and the erased.
 */
export async function takeSubjectData(
  store: Store,
  actor: string,
  person: PersonId,
): Promise<{ ok: true; data: SubjectData } | Refusal> {
  const [known] = await loadPeople(store, store.engine.read, { person: [person] });
  if (!known || known.row.guest_of !== null) return refuse('not-found');
  const takenAt = await commit(store, async ({ now, lock, append }) => {
    await lock([organisationStream]);
    await append([
      {
        stream: organisationStream,
        type: 'person.data-taken',
        occurredAt: now,
        actor,
        subject: person,
      },
    ]);
    return now;
  });
  const { state, added_at } = known.row;
  const identity = tidyIdentity(known);
  return { ok: true, data: await collect(store, person, { takenAt, state, added_at, identity }) };
}

async function collect(
  store: Store,
  person: PersonId,
  known: {
    readonly takenAt: Instant;
    readonly state: string;
    readonly added_at: number;
    readonly identity: ReturnType<typeof tidyIdentity>;
  },
) {
  const { engine, organisation } = store;
  const { read } = engine;
  const enrolments = await listPersonGroups(store, [person]);
  const groups = [];
  for (const { group, enrolment } of enrolments) {
    const row = await loadGroup(store, group as GroupId);
    groups.push({ group, name: row?.name ?? '', ...enrolment });
  }
  const names = groups.map(({ group }) => group);
  const attended = await listAttendance(store, person, names);
  const has = async (table: 'credential' | 'pin' | 'totp') =>
    (await read
      .selectFrom(table)
      .select('person')
      .where('organisation', '=', organisation)
      .where('person', '=', person)
      .executeTakeFirst()) !== undefined;
  const own = await loadOwnFields(store);
  const aliases = await withAliases(store, read, [person]);
  const events = await loadPersonHistory(store, [person]);
  const { email } = known.identity;
  const mails = email === null ? [] : await listMailTo(store, read, email);
  return {
    person,
    takenAt: known.takenAt,
    state: known.state,
    addedAt: known.added_at,
    identity: known.identity,
    ownFields: Object.fromEntries(own.map(({ id, name }) => [id, name])),
    roles: (await loadRoles(store, [person])).get(person) ?? [],
    merged: aliases.filter((alias) => alias !== person),
    held: await isHeld(store, read, person),
    groups,
    records: attended.flatMap(({ session, record }) =>
      record ? [{ session: session.id, title: session.title, date: session.date, ...record }] : [],
    ),
    signIn: {
      password: await has('credential'),
      pin: await has('pin'),
      authenticator: await has('totp'),
      passkeys: (await listPasskeys(store, read, person)).map(({ name, madeAt, usedAt }) => ({
        name,
        madeAt,
        usedAt,
      })),
      signedIn: await listSignIns(store, person, known.takenAt),
    },
    mails: mails.map(({ template, state, madeAt, sentAt }) => ({
      template,
      state,
      madeAt,
      sentAt,
    })),
    events: events.map((event) => withoutOthers(event, aliases)),
  };
}

const uuid = /^[0-9a-f-]{36}$/;

/** From where somebody else did it is about them, not about the person. */
function withoutOthers(event: HistoryEvent, own: readonly string[]): HistoryEvent {
  const { actor, data } = event;
  // the address of a person's home comes without a device
  const isOthers = uuid.test(actor) && !own.includes(actor) && typeof data?.device === 'string';
  if (!isOthers) return event;
  const { address: _, device: __, ...rest } = data;
  return { ...event, data: rest };
}
