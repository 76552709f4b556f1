import type { GroupId, PersonId } from '../core/brand.ts';
import { isEnrolled } from '../core/enrolment.ts';
import type {
  AttendanceLine,
  OwnPersonView,
  PersonAttendance,
  PersonEvent,
  PersonHistory,
  PersonView,
} from '../core/people.wire.ts';
import { reachOf } from '../core/permission.ts';
import { deriveRate, type Rate } from '../core/rate.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { loadHash } from '../store/account.ts';
import { loadGroup } from '../store/group.ts';
import { isHeld } from '../store/held.ts';
import { type HistoryEvent, loadPersonHistory } from '../store/history.ts';
import { loadOwnFields } from '../store/own-field.ts';
import { loadPeople, type PersonRow } from '../store/person.ts';
import { listAttendance } from '../store/person-attendance.ts';
import { listPersonGroups, loadRoles } from '../store/person-group.ts';
import { withAliases } from '../store/person-stream.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { groupOf, readsStream } from '../store/store.ts';
import type { App } from './app.ts';

const shownEvents = 200;

/** A person of the organisation, the deactivated among them; null for guests, for the erased and for nobody. */
export async function loadMember({ store }: App, person: PersonId): Promise<PersonRow | null> {
  const [known] = await loadPeople(store, store.engine.read, { person: [person] });
  return known && known.row.guest_of === null ? known : null;
}

/** Whether legal holds are for this person to know. */
const seesHolds = ({ roles }: Pick<SignedIn, 'roles'>): boolean =>
  reachOf('legal-hold.read', roles) !== 'never';

/** All that `me` may know of a person. Refuses `not-found`. */
export async function presentPerson(
  app: App,
  me: Pick<SignedIn, 'roles'>,
  person: PersonId,
): Promise<PersonView | Refusal> {
  const { store } = app;
  const known = await loadMember(app, person);
  if (!known) return refuse('not-found');
  const [roles, hash, aliases, held, sheet] = await Promise.all([
    loadRoles(store, [person]),
    loadHash(store, store.engine.read, person),
    withAliases(store, store.engine.read, [person]),
    seesHolds(me) && isHeld(store, store.engine.read, person),
    loadSheet(app, person),
  ]);
  const { contact, address, birthDate, job, department } = known;
  return {
    person,
    state: known.row.state === 'inactive' ? 'inactive' : 'active',
    number: known.number,
    name: known.name,
    email: known.email,
    contact: contact ?? null,
    address: address ?? null,
    birthDate: birthDate ?? null,
    job: job ?? null,
    department: department ?? null,
    own: known.own ?? {},
    addedAt: known.row.added_at,
    roles: roles.get(person) ?? [],
    account: hash !== null,
    groups: sheet.groups,
    merged: aliases.filter((alias) => alias !== person),
    held,
  };
}

/** All that is known of oneself, with the names of the organisation's own fields. Refuses `not-found`. */
export async function presentOneself(
  app: App,
  me: Pick<SignedIn, 'roles' | 'person'>,
): Promise<OwnPersonView | Refusal> {
  const view = await presentPerson(app, me, me.person);
  if (isRefusal(view)) return view;
  const { held: _, ...own } = view;
  return { ...own, fields: await loadOwnFields(app.store) };
}

/** What stands for a person in every session they are a part of. Refuses `not-found`. */
export async function presentAttendance(
  app: App,
  person: PersonId,
): Promise<PersonAttendance | Refusal> {
  if (!(await loadMember(app, person))) return refuse('not-found');
  const { groups, lines } = await loadSheet(app, person);
  return { rate: addRates(groups.map(({ rate }) => rate)), sessions: lines };
}

async function loadSheet(app: App, person: PersonId) {
  const { store } = app;
  const enrolments = await listPersonGroups(store, [person]);
  const attended = await listAttendance(
    store,
    person,
    enrolments.map(({ group }) => group),
  );
  const groups: PersonView['groups'][number][] = [];
  for (const { group, enrolment } of enrolments) {
    const row = await loadGroup(store, group as GroupId);
    if (!row) continue;
    const entries = attended
      .filter(({ session }) => session.group === group)
      .map(({ session: { date, state }, record }) => ({ date, state, record }));
    const { name, archived } = row;
    const { from, until } = enrolment;
    groups.push({ id: group, name, archived, from, until, rate: deriveRate(entries, enrolment) });
  }
  const dates = new Map(enrolments.map(({ group, enrolment }) => [group, enrolment]));
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const lines = attended.flatMap(({ session, record }): AttendanceLine[] => {
    const { group, date } = session;
    // before and after the enrolment only what stands is of interest
    const isPart =
      record !== null || (group !== null && isEnrolled(dates.get(group) ?? null, date));
    if (!isPart) return [];
    return [
      {
        session: session.id,
        title: session.title,
        group: group === null ? null : { id: group, name: names.get(group) ?? '' },
        date,
        startsAt: session.startsAt,
        state: session.state,
        status: record?.status ?? null,
        at: record?.at ?? null,
        minutesLate: record?.minutesLate ?? 0,
        how: record?.how ?? null,
        pending: record?.pending ?? false,
      },
    ];
  });
  return { groups, lines };
}

function addRates(rates: readonly Rate[]): Rate {
  const sum = { present: 0, late: 0, absent: 0, excused: 0, counted: 0 };
  for (const rate of rates) {
    for (const field of Object.keys(sum) as (keyof typeof sum)[]) sum[field] += rate[field];
  }
  return { ...sum, rate: sum.counted === 0 ? null : (sum.present + sum.late) / sum.counted };
}

/** What was done to a person's data, enrolments and account; not what was recorded in sessions. Refuses `not-found`. */
export async function presentPersonHistory(
  app: App,
  me: Pick<SignedIn, 'roles'>,
  person: PersonId,
): Promise<PersonHistory | Refusal> {
  if (!(await loadMember(app, person))) return refuse('not-found');
  const all = await loadPersonHistory(app.store, [person]);
  const shown = all
    .filter(({ stream }) => !stream.startsWith('session:') && stream !== readsStream)
    .filter(({ type }) => !type.startsWith('hold.') || seesHolds(me))
    .slice(-shownEvents)
    .toReversed();
  const names = await app.directory.get(shown.map(({ actor }) => actor));
  const groups = new Map<string, string>();
  for (const { stream } of shown) {
    const group = groupOf(stream);
    if (group !== null) groups.set(group, await app.directory.groupName(group));
  }
  return {
    events: shown.map((event) =>
      presentEvent(event, names.get(event.actor as PersonId)?.name ?? event.actor, groups),
    ),
  };
}

function presentEvent(
  { id, receivedAt, type, actor, stream, data }: HistoryEvent,
  name: string,
  groups: ReadonlyMap<string, string>,
): PersonEvent {
  const group = groupOf(stream);
  const before = (data?.before ?? {}) as Readonly<Record<string, string | null>>;
  const own = (data?.own ?? {}) as Readonly<Record<string, string>>;
  const after = (field: string): string | null => {
    const value = field.startsWith('own.') ? own[field.slice(4)] : data?.[field];
    return typeof value === 'string' ? value : null;
  };
  const isChange = type === 'person.changed' || type === 'person.merged';
  return {
    id,
    at: receivedAt,
    type,
    actor: { id: actor, name },
    group: group === null ? null : { id: group, name: groups.get(group) ?? '' },
    changes: isChange
      ? Object.entries(before).map(([field, text]) => ({
          field,
          before: text,
          after: after(field),
        }))
      : [],
    reason: typeof data?.reason === 'string' ? data.reason : null,
  };
}
