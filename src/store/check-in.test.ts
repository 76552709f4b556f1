import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GroupId, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { makeId } from '../core/id.ts';
import type { unmarked } from '../core/record.ts';
import type { RosterRule } from '../core/session.ts';
import { checkInBatch } from './check-in.ts';
import type { CheckInOutcome, PreparedAttempt } from './check-in-attempt.ts';
import { setEnrolments } from './enrolment.ts';
import { loadSessionHistory } from './history.ts';
import { commit } from './ledger.ts';
import { insertPeople } from './person.ts';
import { rebuildRecords } from './rebuild.ts';
import { sessionStream } from './store.ts';
import { openRoll, openThrowaway, type Throwaway } from './throwaway.ts';
import { finish, verifyLedger } from './verify.ts';

const zone = 'Europe/Berlin';
/** Enrolled today; `gone` was until last year, `NEW` is nobody yet. */
const enrolled = ['001', '002', '003'];
const gone = '099';

let place: Throwaway;
let group: GroupId;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  const { store } = place;
  group = await commit(store, async (writing) => {
    const id = makeId<GroupId>(writing.now, store.random);
    const numbers = [...enrolled, gone];
    const people = await insertPeople(
      store,
      writing,
      'operator',
      numbers.map((number) => ({ number, name: `Person ${number}`, email: null })),
    );
    const changes = people.map((person, index) => ({
      person,
      before: null,
      after: {
        from: '2025-01-01' as LocalDate,
        until: numbers[index] === gone ? ('2025-12-31' as LocalDate) : null,
      },
    }));
    await setEnrolments(store, writing, 'operator', id, changes);
    return id;
  });
});

afterEach(() => place[Symbol.asyncDispose]());

const openSession = (rosterRule: RosterRule): Promise<SessionId> =>
  openRoll(place.store, zone, rosterRule === 'none' ? {} : { group, rosterRule });

interface Tap {
  readonly browser: string;
  readonly number: string;
  readonly attempt: string;
  readonly ticket: string;
  readonly name?: string | null;
}

let taps = 0;
/** A phone with a fresh ticket. */
const tap = (browser: string, number: string, change: Partial<Tap> = {}): Tap => {
  taps += 1;
  return { browser, number, attempt: `attempt-${taps}`, ticket: `ticket-${taps}`, ...change };
};

function prepare(session: SessionId, { browser, number, attempt, ticket, name }: Tap) {
  const said = name === undefined ? `Guest ${number}` : name;
  const prepared: PreparedAttempt = {
    // ids are unique in the organisation, so each session has its own
    attempt: `${attempt}/${session}`,
    ticket: {
      id: `${ticket}/${session}`,
      session,
      browser,
      kind: 'code',
      slot: 1,
      ageMs: 0,
      issuedAt: place.clock.now(),
    },
    bodyDigest: `${ticket}/${number}/${said}`,
    number,
    name: said,
    address: '192.0.2.1',
  };
  return prepared;
}

const send = (session: SessionId, ...batch: Tap[]): Promise<CheckInOutcome[]> =>
  checkInBatch(
    place.store,
    batch.map((one) => prepare(session, one)),
  );

/** What came of an attempt, without ids. */
const say = (outcome: CheckInOutcome | undefined): string => {
  if (!outcome?.ok) return outcome?.code ?? 'nothing';
  return `${outcome.kind} ${outcome.record.pending ? 'pending' : outcome.record.status}`;
};

/** All that stands in a session, by number: record, browsers that claim it, events. */
async function listFacts(session: SessionId): Promise<string[]> {
  const { store } = place;
  const history = (await loadSessionHistory(store, session)).filter(({ subject }) => subject);
  const numbers = new Map(
    history.map(({ subject, data }) => [subject as PersonId, data?.number as string]),
  );
  const { read } = store.engine;
  const records = await read
    .selectFrom('record')
    .selectAll()
    .where('session', '=', session)
    .execute();
  const claims = await read
    .selectFrom('claim')
    .selectAll()
    .where('session', '=', session)
    .execute();
  const attempts = await read
    .selectFrom('attempt')
    .selectAll()
    .where('session', '=', session)
    .execute();
  const numberOf = (person: string) => numbers.get(person as PersonId) ?? 'unknown';
  return [
    ...records.map(({ person, status, pending }) => `${numberOf(person)} ${status} ${pending}`),
    ...claims.map(({ person, browser }) => `${numberOf(person)} claimed by ${browser}`),
    ...history.map(({ subject, type }) => `${numberOf(subject as string)} ${type}`),
    ...attempts.map(({ person, browser }) => `${numberOf(person)} tried by ${browser}`),
  ].sort();
}

async function expectSound(): Promise<void> {
  expect((await finish(verifyLedger(place.store))).faults).toEqual([]);
  expect((await rebuildRecords(place.store, 'operator')).differences).toEqual([]);
}

describe('checkInBatch', () => {
  test('answers the same attempt ten times at once with one event and one proof', async () => {
    const session = await openSession('closed');
    const one = tap('A', '001');
    const outcomes = await send(session, ...Array<Tap>(10).fill(one));
    expect(new Set(outcomes.map(say))).toEqual(new Set(['accepted present']));
    const [event, ...others] = (await loadSessionHistory(place.store, session)).filter(
      ({ type }) => type === 'check-in',
    );
    expect(others).toEqual([]);
    const proofs = outcomes.map((outcome) => (outcome.ok ? outcome.proof : null));
    expect(new Set(proofs)).toEqual(new Set([event?.hash.slice(0, 10)]));
    const [later] = await send(session, one);
    expect(later).toEqual(outcomes[0]);
    await expectSound();
  });

  test.each([[1], [2], [3]])('holds a number claimed by three phones, %i at once', async (size) => {
    const session = await openSession('closed');
    const outcomes: string[] = [];
    const phones = ['A', 'B', 'C'].map((browser) => tap(browser, '001'));
    for (let start = 0; start < phones.length; start += size) {
      outcomes.push(...(await send(session, ...phones.slice(start, start + size))).map(say));
    }
    expect(outcomes).toEqual(['accepted present', 'disputed pending', 'disputed pending']);
    expect((await send(session, phones[0] as Tap)).map(say)).toEqual(['accepted pending']);
    expect((await send(session, tap('B', '001'))).map(say)).toEqual(['already pending']);
    expect((await listFacts(session)).filter((fact) => fact.startsWith('001 present'))).toEqual([
      '001 present 1',
    ]);
    await expectSound();
  });

  test('lets a phone speak for one person only, at once and later', async () => {
    const session = await openSession('closed');
    const outcomes = await send(session, tap('A', '001'), tap('A', '002'), tap('A', '001'));
    expect(outcomes.map(say)).toEqual([
      'accepted present',
      'browser-already-used',
      'already present',
    ]);
    expect((await send(session, tap('A', '003'))).map(say)).toEqual(['browser-already-used']);
    const other = await openSession('closed');
    expect((await send(other, tap('A', '003'))).map(say)).toEqual(['accepted present']);
    await expectSound();
  });

  test('makes one guest of one number, and keeps guests of two sessions apart', async () => {
    const session = await openSession('none');
    const outcomes = await send(session, tap('A', 'NEW'), tap('A', 'NEW'), tap('B', 'NEW'));
    expect(outcomes.map(say)).toEqual(['guest present', 'already present', 'disputed pending']);
    const people = outcomes.map((outcome) => (outcome.ok ? outcome.person : null));
    expect(new Set(people).size).toBe(1);
    const [elsewhere] = await send(await openSession('none'), tap('A', 'NEW'));
    expect(say(elsewhere)).toBe('guest present');
    expect(people).not.toContain(elsewhere?.ok && elsewhere.person);
    expect((await send(session, tap('C', 'X', { name: null }))).map(say)).toEqual(['name-missing']);
    await expectSound();
  });

  test('takes who is not enrolled by the rule of the session', async () => {
    const closed = await openSession('closed');
    const strangers = [tap('A', 'NEW'), tap('B', gone)];
    expect((await send(closed, ...strangers)).map(say)).toEqual(['not-on-roster', 'not-on-roster']);
    expect(await listFacts(closed)).toEqual([]);
    const open = await openSession('walk-ins');
    expect((await send(open, ...strangers)).map(say)).toEqual([
      'guest present',
      'accepted present',
    ]);
    await expectSound();
  });

  test('holds a number of somebody enrolled earlier like any other', async () => {
    const session = await openSession('walk-ins');
    expect((await send(session, tap('A', gone))).map(say)).toEqual(['accepted present']);
    expect((await send(session, tap('A', gone))).map(say)).toEqual(['already present']);
    expect((await send(session, tap('B', gone))).map(say)).toEqual(['disputed pending']);
  });

  test('refuses an attempt with another body or from another browser', async () => {
    const session = await openSession('closed');
    const first = tap('A', '001', { attempt: 'same' });
    const other = tap('A', '002', { attempt: 'same' });
    const theirs = { ...first, browser: 'B' };
    const expected = ['accepted present', 'attempt-reused', 'attempt-reused'];
    expect((await send(session, first, other, theirs)).map(say)).toEqual(expected);
    expect((await send(session, first, other, theirs)).map(say)).toEqual(expected);
    await expectSound();
  });

  test('takes a ticket once', async () => {
    const session = await openSession('closed');
    const used = { ticket: 'once' };
    const outcomes = await send(session, tap('A', '001', used), tap('A', '001', used));
    expect(outcomes.map(say)).toEqual(['accepted present', 'ticket-used']);
    expect((await send(session, tap('B', '002', used))).map(say)).toEqual(['ticket-used']);
    await expectSound();
  });

  test('lets a phone whose claim was dropped come again with its own number', async () => {
    const session = await openSession('closed');
    const [first, second] = [tap('A', '001'), tap('B', '001')];
    const [outcome] = await send(session, first, second);
    const subject = (outcome as { person: PersonId }).person;
    const kept = { ...(outcome as { record: typeof unmarked }).record, pending: false };
    await commit(place.store, async ({ tx, now, append }) => {
      await tx
        .deleteFrom('claim')
        .where('session', '=', session)
        .where('browser', '=', 'B')
        .execute();
      const stream = sessionStream(session);
      const type = 'check-in.settled';
      await append([{ stream, type, occurredAt: now, actor: 'operator', subject, record: kept }]);
    });
    expect((await send(session, first, tap('A', '001'))).map(say)).toEqual([
      'accepted present',
      'already present',
    ]);
    expect((await send(session, tap('B', '002'))).map(say)).toEqual(['accepted present']);
    expect((await send(session, tap('C', '001'))).map(say)).toEqual(['disputed pending']);
    await expectSound();
  });
});

/** Splits a list into batches of these sizes, again and again. */
function split<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < list.length; ) {
    const size = sizes[batches.length % sizes.length] as number;
    batches.push(list.slice(start, start + size));
    start += size;
  }
  return batches;
}

async function sendSplit(session: SessionId, list: readonly Tap[], sizes: readonly number[]) {
  const outcomes: string[] = [];
  for (const batch of split(list, sizes))
    outcomes.push(...(await send(session, ...batch)).map(say));
  return outcomes;
}

const rule = fc.constantFrom<RosterRule>('closed', 'walk-ins', 'none');
const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
const number = fc.constantFrom(...enrolled, gone, 'NEW');
const browser = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const settings = { numRuns: 25 };

describe('any batches', () => {
  test('of the same attempts decide the same, whatever was tried', async () => {
    const anyTap = fc.record({
      browser,
      number,
      attempt: fc.constantFrom('i', 'j', 'k', 'l', 'm', 'n', 'o', 'p'),
      ticket: fc.constantFrom('q', 'r', 's', 't', 'u', 'v', 'w', 'x'),
    });
    const list = fc.array(anyTap, { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rule, list, sizes, async (rosterRule, attempts, cut) => {
        const [singly, grouped] = [await openSession(rosterRule), await openSession(rosterRule)];
        const expected = await sendSplit(singly, attempts, [1]);
        expect(await sendSplit(grouped, attempts, cut)).toEqual(expected);
        expect(await listFacts(grouped)).toEqual(await listFacts(singly));
      }),
      settings,
    );
    await expectSound();
  });

  test('in any order give the same facts: nothing lost, nothing doubled', async () => {
    // a phone says one number; each line is an attempt that is sent so often
    const crowd = fc.record({
      numbers: fc.record({ A: number, B: number, C: number, D: number, E: number }),
      attempts: fc.array(fc.tuple(browser, fc.integer({ min: 1, max: 3 })), {
        minLength: 1,
        maxLength: 8,
      }),
    });
    const orders = fc.tuple(fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.nat()));
    await fc.assert(
      fc.asyncProperty(
        rule,
        crowd,
        orders,
        sizes,
        async (rosterRule, { numbers, attempts }, keys, cut) => {
          const all = attempts.flatMap(([phone, times]) =>
            Array<Tap>(times).fill(tap(phone, numbers[phone as keyof typeof numbers])),
          );
          const facts: string[][] = [];
          for (const stream of keys) {
            const order = [...stream.take(all.length)];
            const shuffled = all
              .map((one, index) => ({ one, key: order[index] as number }))
              .sort((left, right) => left.key - right.key)
              .map(({ one }) => one);
            const session = await openSession(rosterRule);
            await sendSplit(session, shuffled, cut);
            facts.push(await listFacts(session));
          }
          expect(facts[1]).toEqual(facts[0]);
          const taken = rosterRule === 'closed' ? enrolled : [...enrolled, gone, 'NEW'];
          const pairs = new Set(
            all
              .filter((one) => taken.includes(one.number))
              .map((one) => `${one.number} claimed by ${one.browser}`),
          );
          expect(facts[0]?.filter((fact) => fact.includes('claimed'))).toEqual([...pairs].sort());
          expect(facts[0]?.filter((fact) => /check-in/.test(fact))).toHaveLength(pairs.size);
        },
      ),
      settings,
    );
    await expectSound();
  });
});
