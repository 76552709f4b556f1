import { join } from 'node:path';
import type { GroupId, Instant, LocalDate, PersonId, SessionId } from '../src/core/brand.ts';
import { makeId } from '../src/core/id.ts';
import { localDate } from '../src/core/local-time.ts';
import { defaultSettings } from '../src/core/session.ts';
import { sealGroupName } from '../src/store/group-name.ts';
import { openStore, type StoreOptions } from '../src/store/open.ts';
import { sessionRow } from '../src/store/session.ts';
import type { Store } from '../src/store/store.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { addressOf, type Place } from './scratch.ts';

export const systemClock = { now: () => Date.now() as Instant };
const random = systemRandom;
const zone = 'Europe/Berlin';

export const openBenchStore = (
  place: Place,
  more: Partial<Pick<StoreOptions, 'wake' | 'followServer'>> = {},
) =>
  openStore({
    address: addressOf(place),
    folder: join(place.folder, 'data'),
    keysFor: () => join(place.folder, 'keys'),
    clock: systemClock,
    random,
    zone,
    ...more,
  });

export const numberOf = (index: number): string => `R${String(index).padStart(5, '0')}`;

export interface Seeded {
  readonly group: GroupId;
  readonly session: SessionId;
  readonly code: string;
}

/** A group of so many enrolled people with an open session of one-minute code slots. */
export async function seedGroup(
  store: Store,
  count: number,
  code: string,
  prefix = '',
): Promise<Seeded> {
  const { engine, vault, organisation } = store;
  const now = systemClock.now();
  const group = makeId<GroupId>(now, random);
  const session = makeId<SessionId>(now, random);
  const people = Array.from({ length: count }, (_, index) => {
    const person = makeId<PersonId>(now, random);
    const key = vault.makePersonKey(person);
    const number = prefix + numberOf(index);
    const identity = { number, name: `Person ${index}`, email: null };
    return {
      person,
      wrapped: vault.wrapPersonKey(person, key),
      number,
      sealed: vault.sealPerson(person, key, identity),
    };
  });
  await engine.write(async (tx) => {
    await engine.insertMany(tx, 'group', [
      {
        organisation,
        group,
        sealed: sealGroupName(store, group, 'Hall 1'),
        settings: '{}',
        archived: 0,
        created_at: now,
      },
    ]);
    await engine.insertMany(
      tx,
      'person',
      people.map(({ person, number, sealed }) => ({
        organisation,
        person,
        number_index: vault.numberIndex(number),
        email_index: null,
        guest_of: null,
        state: 'active',
        merged_into: null,
        sealed,
        added_at: now,
      })),
    );
    await engine.insertMany(
      tx,
      'person_key',
      people.map(({ person, wrapped }) => ({ organisation, person, ...wrapped })),
    );
    await engine.insertMany(
      tx,
      'enrolment',
      people.map(({ person }) => ({
        organisation,
        group,
        person,
        from_date: '2020-01-01',
        until_date: null,
      })),
    );
    const row = {
      ...defaultSettings,
      stepMs: 60_000,
      codeGraceMs: 60_000,
      rosterRule: 'closed' as const,
      id: session,
      group,
      state: 'open' as const,
      startsAt: now,
      endsAt: null,
      closedAt: null,
      date: localDate(now, zone) as LocalDate,
      codeEpoch: 1,
      paused: false,
      code,
      title: 'Lecture',
      cancelReason: null,
      origin: null,
      createdBy: 'operator',
    };
    await engine.insertMany(tx, 'session', [sessionRow(store, row, now)]);
  });
  return { group, session, code };
}

/** A group with an open session whose code the benchmark knows. */
export interface Hall extends Seeded {
  readonly prefix: string;
  /** Of the code's first epoch. */
  readonly secret: Uint8Array;
}

/** So many groups, each of people of its own. */
export async function seedHalls(place: Place, count: number, people: number): Promise<Hall[]> {
  await using opened = await openBenchStore(place);
  const halls: Hall[] = [];
  for (let index = 0; index < count; index += 1) {
    const code = String.fromCharCode(65 + index).repeat(4);
    const prefix = `${code}-`;
    const seeded = await seedGroup(opened.store, people, code, prefix);
    const secret = new Uint8Array(opened.store.vault.codeSecret(seeded.session, 1));
    halls.push({ ...seeded, prefix, secret });
  }
  return halls;
}

/** Check-ins that the ledger does not hold, and people who are in it twice. */
export async function countArrivals(
  place: Place,
  halls: readonly Hall[],
  people: number,
): Promise<{ lost: number; doubled: number }> {
  await using opened = await openBenchStore(place);
  let lost = 0;
  let doubled = 0;
  for (const { session } of halls) {
    const rows = await opened.store.engine.read
      .selectFrom('event')
      .select(['subject'])
      .where('organisation', '=', opened.store.organisation)
      .where('stream', '=', `session:${session}`)
      .where('type', '=', 'check-in')
      .execute();
    const distinct = new Set(rows.map(({ subject }) => subject));
    lost += people - distinct.size;
    doubled += rows.length - distinct.size;
  }
  return { lost, doubled };
}
