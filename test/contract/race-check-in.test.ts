// The same things wanted at the same moment by many phones, from two instances: one gets each.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GroupId, LocalDate, PersonId, SessionId } from '../../src/core/brand.ts';
import { makeId } from '../../src/core/id.ts';
import { checkInBatch } from '../../src/store/check-in.ts';
import type { CheckInOutcome, PreparedAttempt } from '../../src/store/check-in-attempt.ts';
import { setEnrolments } from '../../src/store/enrolment.ts';
import { commit } from '../../src/store/ledger.ts';
import { insertPeople } from '../../src/store/person.ts';
import { openRoll } from '../../src/store/throwaway.ts';
import { engineNames } from '../engines.ts';
import { times } from '../jar.ts';
import { openStores, random, type Stores } from './open-store.ts';

describe.each(engineNames)('check-ins at the same moment on %s', (name) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openStores(name);
  });
  afterAll(() => stores[Symbol.asyncDispose]());

  const openSession = () => openRoll(stores.first, 'Europe/Berlin');
  const id = () => makeId<string>(stores.clock.now(), random);
  const attempt = (session: SessionId, change: Partial<PreparedAttempt> = {}): PreparedAttempt => ({
    attempt: id(),
    ticket: {
      id: id(),
      session,
      browser: id(),
      kind: 'code',
      slot: 1,
      ageMs: 0,
      issuedAt: stores.clock.now(),
    },
    bodyDigest: change.number ?? '7',
    number: '7',
    name: 'Zoë',
    address: '192.0.2.1',
    ...change,
  });
  /** Each in a transaction of its own, in turn from either instance. */
  const send = (attempts: readonly PreparedAttempt[]): Promise<CheckInOutcome[]> =>
    times(attempts.length, async (index) => {
      const outcomes = await checkInBatch(stores.turn(index), [attempts[index] as PreparedAttempt]);
      return outcomes[0] as CheckInOutcome;
    });
  const kinds = (outcomes: readonly CheckInOutcome[]) =>
    outcomes.map((outcome) => (outcome.ok ? outcome.kind : outcome.code)).sort();
  const eventsOf = async (session: SessionId) => {
    const { engine } = stores.first;
    const query = engine.read.selectFrom('event').selectAll();
    const rows = await query.where('stream', '=', `session:${session}`).orderBy('seq').execute();
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    return rows.filter(({ type }) => type.startsWith('check-in'));
  };
  const guestsOf = (session: SessionId) =>
    stores.first.engine.read
      .selectFrom('person')
      .selectAll()
      .where('guest_of', '=', session)
      .execute();

  test('the same attempt ten times is one check-in with one answer', async () => {
    const session = await openSession();
    const same = attempt(session);
    const outcomes = await send(Array(10).fill(same));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.proof)).size).toBe(1);
    expect(await eventsOf(session)).toHaveLength(1);
    expect(await guestsOf(session)).toHaveLength(1);
  });

  test('one ticket for ten attempts lets one in', async () => {
    const session = await openSession();
    const { ticket } = attempt(session);
    const outcomes = await send(
      Array.from({ length: 10 }, (_, index) => attempt(session, { ticket, number: `${index}` })),
    );
    expect(kinds(outcomes)).toEqual(['guest', ...Array(9).fill('ticket-used')]);
    expect(await eventsOf(session)).toHaveLength(1);
    expect(await guestsOf(session)).toHaveLength(1);
  });

  test('one attempt’s id in ten sessions is taken in one, and reused in the others', async () => {
    const sessions = await times(10, () => openSession());
    const { attempt: shared } = attempt(sessions[0] as SessionId);
    const outcomes = await send(sessions.map((session) => attempt(session, { attempt: shared })));
    expect(kinds(outcomes)).toEqual([...Array(9).fill('attempt-reused'), 'guest']);
    const events = await Promise.all(sessions.map(eventsOf));
    expect(events.flat()).toHaveLength(1);
  });

  test('one number from ten phones is one person in dispute', async () => {
    const session = await openSession();
    const outcomes = await send(
      Array.from({ length: 10 }, (_, index) => attempt(session, { name: `Name ${index}` })),
    );
    expect(kinds(outcomes)).toEqual([...Array(9).fill('disputed'), 'guest']);
    expect(await guestsOf(session)).toHaveLength(1);
    const people = new Set(outcomes.map((outcome) => outcome.ok && outcome.person));
    expect(people.size).toBe(1);
    const { engine } = stores.first;
    const claims = engine.read.selectFrom('claim').selectAll().where('session', '=', session);
    expect(await claims.execute()).toHaveLength(10);
  });

  test('phones that meet in a session of which nothing was written yet see each other', async () => {
    const store = stores.first;
    const group = makeId<GroupId>(stores.clock.now(), random);
    const number = 'FIRST';
    await commit(store, async (writing) => {
      const [person] = await insertPeople(store, writing, 'operator', [
        { number, name: 'Zoë', email: null },
      ]);
      const after = { from: '2020-01-01' as LocalDate, until: null };
      const change = { person: person as PersonId, before: null, after };
      await setEnrolments(store, writing, 'operator', group, [change]);
    });
    const session = await openRoll(store, 'Europe/Berlin', { group, rosterRule: 'closed' });
    await store.engine.write(async (tx) => {
      for (const table of ['event', 'stream'] as const)
        await tx.deleteFrom(table).where('stream', '=', `session:${session}`).execute();
    });
    const outcomes = await send(Array.from({ length: 10 }, () => attempt(session, { number })));
    expect(kinds(outcomes)).toEqual(['accepted', ...Array(9).fill('disputed')]);
  });

  test('ten numbers from one phone are one person', async () => {
    const session = await openSession();
    const { ticket } = attempt(session);
    const outcomes = await send(
      Array.from({ length: 10 }, (_, index) =>
        attempt(session, { ticket: { ...ticket, id: id() }, number: `1${index}` }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await eventsOf(session)).toHaveLength(1);
  });

  test('a crowd of batches over two sessions is in, whole and in order', async () => {
    const sessions = [await openSession(), await openSession()];
    const crowd = Array.from({ length: 240 }, (_, index) =>
      attempt(sessions[index % 2] as SessionId, {
        number: String(1_000 + index),
        name: `N ${index}`,
      }),
    );
    const outcomes = await times(24, (index) =>
      checkInBatch(stores.turn(index), crowd.slice(index * 10, index * 10 + 10)),
    );
    expect(kinds(outcomes.flat())).toEqual(Array(240).fill('guest'));
    for (const session of sessions) expect(await eventsOf(session)).toHaveLength(120);
  });

  test('and the ledger of all this holds', async () => {
    expect(await stores.faults()).toEqual([]);
  });
});
