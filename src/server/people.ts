import { z } from 'zod';
import { groupId } from '../core/field.wire.ts';
import type { Identity } from '../core/identity.ts';
import { localDate } from '../core/local-time.ts';
import {
  type PeoplePage,
  type PersonLine,
  peoplePageSize,
  peopleSorts,
} from '../core/people.wire.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { foldQuery } from '../core/search.ts';
import { type Indexed, listMatched } from '../store/people-index.ts';
import { loadPeople } from '../store/person.ts';
import { listBearers, listEnrolled, listPersonGroups, loadRoles } from '../store/person-group.ts';
import type { App } from './app.ts';

/** So long a request waits for the index that is just being made; then it tells how far that is. */
const indexWaitMs = 1_500;

const peopleQuery = z.strictObject({
  query: z.string().max(1_000).optional(),
  state: z.enum(['active', 'inactive', 'all']).optional(),
  role: z.enum(['admin', 'host', 'attendee', 'auditor', 'supervisor', 'none']).optional(),
  group: z.union([groupId, z.literal('none')]).optional(),
  sort: z.enum(peopleSorts).optional(),
  cursor: z.string().max(100).optional(),
});
type PeopleQuery = z.infer<typeof peopleQuery>;

/** A page of the people of the organisation. Refuses `input-invalid`. */
export async function presentPeople(
  app: App,
  asked: Readonly<Record<string, string>>,
): Promise<PeoplePage | Refusal> {
  const query = readQuery(asked);
  if ('ok' in query) return query;
  const found = await findPeople(app, query);
  if (typeof found === 'number') return { people: [], total: 0, cursor: null, indexed: found };
  const start = startOf(found, query.cursor);
  const shown = found.slice(start, start + peoplePageSize);
  const last = shown.at(-1);
  const end = start + shown.length;
  return {
    people: await presentLines(
      app,
      shown.map(({ person }) => person),
      foldQuery(query.query ?? ''),
    ),
    total: found.length,
    cursor: last && end < found.length ? `${end}.${last.person}` : null,
    indexed: 1,
  };
}

/** What the address of a list says, or why it says nothing. Empty values count as not there. */
export function readQuery(asked: Readonly<Record<string, string>>): PeopleQuery | Refusal {
  const given = Object.fromEntries(Object.entries(asked).filter(([, text]) => text !== ''));
  const parsed = peopleQuery.safeParse(given);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return refuse('input-invalid', { field });
}

/** Everybody who is asked for, in order; a number: how much of the index is there. */
export async function findPeople(
  app: App,
  { query = '', state = 'active', role, group, sort }: PeopleQuery,
  waitMs = indexWaitMs,
): Promise<readonly Indexed[] | number> {
  const { store, settings } = app;
  const today = localDate(store.clock.now(), settings.current.zone);
  const bearers = role && (await listBearers(store, role === 'none' ? null : role));
  const enrolled = group && (await listEnrolled(store, group === 'none' ? null : group, today));
  const among: Set<string>[] = [];
  const except: Set<string>[] = [];
  if (bearers) (role === 'none' ? except : among).push(bearers);
  if (enrolled) (group === 'none' ? except : among).push(enrolled);
  const indexed = await app.people.ready(waitMs);
  if (indexed < 1) return indexed;
  return app.people.find({
    words: foldQuery(query),
    state,
    among: among.length > 0 ? among.reduce((left, right) => left.intersection(right)) : null,
    except: except.length > 0 ? except.reduce((left, right) => left.union(right)) : null,
    sort,
  });
}

/** A page begins after the last person of the one before, also where others came or went meanwhile. */
function startOf(found: readonly Indexed[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [place = '', last] = cursor.split('.');
  const at = found.findIndex(({ person }) => person === last);
  if (at >= 0) return at + 1;
  return Math.max(0, Math.min(Number.parseInt(place, 10) || 0, found.length));
}

async function presentLines(
  { store, settings, directory }: App,
  ids: readonly string[],
  words: readonly string[],
): Promise<PersonLine[]> {
  const today = localDate(store.clock.now(), settings.current.zone);
  const [people, roles, enrolments] = await Promise.all([
    loadPeople(store, store.engine.read, { person: ids }),
    loadRoles(store, ids),
    listPersonGroups(store, ids, today),
  ]);
  const known = new Map(people.map((person) => [person.person as string, person]));
  const names = new Map<string, string>();
  for (const { group } of enrolments) {
    if (!names.has(group)) names.set(group, await directory.groupName(group));
  }
  return ids.flatMap((id) => {
    const person = known.get(id);
    if (!person) return [];
    const identity: Identity = person;
    return {
      person: id,
      number: identity.number,
      name: identity.name,
      email: identity.email,
      state: person.row.state === 'inactive' ? ('inactive' as const) : ('active' as const),
      roles: roles.get(id) ?? [],
      job: identity.job ?? null,
      department: identity.department ?? null,
      groups: enrolments
        .filter((enrolment) => enrolment.person === id)
        .map(({ group }) => ({ id: group, name: names.get(group) ?? '' })),
      addedAt: person.row.added_at,
      matched: words.length === 0 ? [] : listMatched(identity, words),
    };
  });
}
