import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GroupId, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { erasePerson } from '../store/erasure.ts';
import { loadPersonHistory } from '../store/history.ts';
import { applyRoster } from '../store/roster.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { checkInGuests } from '../store/throwaway.ts';
import { createGroup } from './group.ts';
import { attachRoster, mergeGuest } from './guest.ts';
import { markPeople, notePerson, undoMark } from './mark.ts';
import { addPerson } from './person.ts';
import { closeSession } from './session-close.ts';
import { createSession } from './session-create.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: ThrowawayApp;
let host: PersonId;
beforeEach(async () => {
  house = await openThrowawayApp([]);
  host = await house.addPerson('Hypatia', 'host');
});
afterEach(() => house[Symbol.asyncDispose]());

const newGroup = async (name: string): Promise<GroupId> =>
  (await createGroup(house.app, host, { name })).id;

async function newSession(group?: GroupId): Promise<SessionId> {
  const made = await createSession(house.app, host, group === undefined ? {} : { group });
  if (!('id' in made)) throw new Error(made.code);
  return made.id;
}

async function enrol(group: GroupId, number: string): Promise<PersonId> {
  const me = { person: host, roles: new Set(['host']) } as unknown as SignedIn;
  const added = await addPerson(house.app, me, group, { number, name: `Name ${number}` });
  if (!('person' in added)) throw new Error(added.code);
  return added.person;
}

/** Every event of the ledger that is about somebody, wherever it lies. */
const listAbout = async (people: readonly PersonId[]) =>
  (
    await house.store.engine.read
      .selectFrom('event')
      .select(['id', 'payload'])
      .where('subject', 'in', people)
      .execute()
  ).map(({ id, payload }) => ({ id, sealed: payload !== null }));

/** Somebody to whom everything happens that can happen. */
async function live(): Promise<{ person: PersonId; guests: PersonId[] }> {
  const { app, store } = house;
  const group = await newGroup('Zoology');
  const person = await enrol(group, '7');
  await enrol(group, '8');
  // absent, marked, noted, undone
  const missed = await newSession(group);
  await closeSession(app, host, missed);
  const marked = await markPeople(app, host, missed, {
    people: [person],
    status: 'excused',
    note: 'ill',
  });
  await notePerson(app, host, missed, { person, note: 'called' });
  await undoMark(app, host, missed, { person, seq: 'seq' in marked ? marked.seq : 0 });
  // came, and left the group; enrolled in another
  const came = await newSession(group);
  await checkInGuests(store, came, [['7', '']]);
  const order = {
    group,
    from: { date: '2026-11-01' as LocalDate, named: true },
    mayRename: true,
    knows: null,
  };
  await applyRoster(store, order, host, [
    {
      line: 1,
      number: '7',
      name: 'Other',
      email: null,
      until: '2026-11-24' as LocalDate,
      problems: [],
    },
  ]);
  const second = await newGroup('Botany');
  await enrol(second, '7');
  // a guest who turned out to be the person, and one on a roll that got its list later
  const walkIn = await newSession(second);
  await checkInGuests(store, walkIn, [['70', 'Seven']]);
  const roll = await newSession();
  await checkInGuests(store, roll, [['7', 'Seven']]);
  const guests = await store.engine.read
    .selectFrom('person')
    .select('person')
    .where('guest_of', 'in', [walkIn, roll])
    .orderBy('added_at')
    .execute();
  const [guest] = guests as unknown as [{ person: PersonId }];
  await mergeGuest(app, host, walkIn, { guest: guest.person, person });
  await attachRoster(app, host, roll, second);
  return { person, guests: guests.map(({ person: id }) => id as PersonId) };
}

test('a history holds every event about a person, wherever it lies', async () => {
  const { person, guests } = await live();
  const all = await listAbout([person, ...guests]);
  const history = await loadPersonHistory(house.store, [person]);
  expect(history.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  expect(new Set(history.map(({ type }) => type))).toEqual(
    new Set([
      'person.added',
      'person.changed',
      'person.merged',
      'enrolment.added',
      'enrolment.ended',
      'absence',
      'mark',
      'note',
      'mark.undone',
      'check-in',
      'guest.merged',
    ]),
  );
});

test('an erasure leaves nothing sealed about a person, wherever it lies', async () => {
  const { person, guests } = await live();
  expect((await listAbout([person, ...guests])).some(({ sealed }) => sealed)).toBe(true);
  await erasePerson(house.store, host, person);
  expect((await listAbout([person, ...guests])).filter(({ sealed }) => sealed)).toEqual([]);
});
