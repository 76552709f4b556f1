// What `muster verify` says of a database in which somebody without the keys has had data destroyed.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, SessionId } from '../src/core/brand.ts';
import { defaultRules, type RetentionRules } from '../src/core/retention.ts';
import { mergeGuest } from '../src/server/guest.ts';
import { erasePerson } from '../src/store/erasure.ts';
import { commit } from '../src/store/ledger.ts';
import { runRetention } from '../src/store/retention.ts';
import { saveRules } from '../src/store/retention-rule.ts';
import type { RunOrder } from '../src/store/retention-runner.ts';
import { organisationStream, peopleStream, type Store, sessionStream } from '../src/store/store.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

const aMonth = { count: 1, unit: 'months' as const };
const rules: RetentionRules = { ...defaultRules, evidence: aMonth, access: null };

let server: TestServer<FakeClock>;
let store: Store;
let school: School;
let roll: SessionId;
let amal: PersonId;

beforeEach(async () => {
  server = await startTestServer();
  store = server.app.store;
  school = await openSchool(server);
  const group = await school.addGroup('Physics 10B');
  await school.enrol(group, [
    ['001', 'Amal'],
    ['002', 'Bea'],
  ]);
  roll = await school.openSession({ group, settings: { rosterRule: 'walk-ins' } });
  for (const number of ['001', '002'])
    await school.phone().checkIn(await school.token(roll), number);
  amal = await personOf('001');
});
afterEach(() => server[Symbol.asyncDispose]());

const personOf = async (number: string) =>
  (await school.board(roll)).people.find((one) => one.number === number)?.id as PersonId;

const run = (order: Partial<RunOrder> = {}) =>
  runRetention(store, { actor: 'job', zone: 'Europe/Berlin', ...order });
const faults = async () =>
  (await finish(verifyLedger(store))).faults.map(({ kind, stream, person }) =>
    person === undefined ? [kind, stream] : [kind, stream, person],
  );
const close = () => school.admin.post(`/api/sessions/${roll}/close`);

/** Signed in again, since nobody was there for so long. */
async function goTo(moment: string): Promise<void> {
  server.clock.set(moment);
  await school.signInAgain();
}

async function hold(verb: 'place' | 'lift', person = amal): Promise<void> {
  const path = `/api/people/${person}/legal-hold/${verb}`;
  expect((await school.admin.post(path, { reason: 'a case' })).status).toBe(200);
}

const forgetHold = () => store.engine.write((tx) => tx.deleteFrom('legal_hold').execute());

const destroyOf = (subject: PersonId) =>
  store.engine.write((tx) =>
    tx
      .updateTable('event')
      .set({ payload: null })
      .where('type', '=', 'check-in')
      .where('subject', '=', subject)
      .execute(),
  );

const payload = ['payload', 'session'];
const inRoll = (found: string[][]) =>
  found.map(([kind, stream, ...more]) =>
    stream === sessionStream(roll) ? [kind, 'session', ...more] : [kind, stream, ...more],
  );

describe('a run', () => {
  test('that is forged without the keys accounts for nothing', async () => {
    await close();
    await saveRules(store, 'operator', rules);
    await goTo('2027-01-24T08:00:00Z');
    const cutoffs = { evidence: Date.parse('2026-12-20T00:00:00Z') };
    await commit(store, async ({ now, append }) => {
      const stream = organisationStream;
      const event = { stream, type: 'retention.begun', occurredAt: now, actor: 'job' };
      await append([
        { ...event, subject: null, facts: { cutoffs, zone: 'Europe/Berlin', peopleSeq: 0 } },
      ]);
    });
    expect(await faults()).toEqual([['payload', organisationStream]]);
    await destroyOf(amal);
    expect(inRoll(await faults())).toContainEqual(payload);
  });

  test('by rules that were changed in the database only is named, with all it destroyed', async () => {
    await close();
    await saveRules(store, 'operator', { ...rules, evidence: null });
    const value = JSON.stringify(rules);
    await store.engine.write((tx) =>
      tx.updateTable('setting').set({ value }).where('setting', '=', 'retention').execute(),
    );
    await goTo('2027-01-24T08:00:00Z');
    expect(await run()).toMatchObject({ counts: { evidence: 2 } });
    const found = inRoll(await faults());
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([payload, ['cutoff', organisationStream]]));
  });

  test('does not begin by rules that were made laxer as it was about to', async () => {
    await close();
    await saveRules(store, 'operator', rules);
    await goTo('2027-01-24T08:00:00Z');
    let saving: Promise<void> | undefined;
    const mayGoOn = () => {
      saving ??= saveRules(store, 'operator', { ...rules, evidence: null });
      return true;
    };
    expect(await run({ mayGoOn })).toMatchObject({ counts: {}, ended: false });
    await saving;
    expect(await faults()).toEqual([]);
  });
});

describe('a hold', () => {
  test('that was taken out of the database is missed, and so is what it should have kept', async () => {
    await close();
    await saveRules(store, 'operator', rules);
    await hold('place');
    await forgetHold();
    const missed = ['hold', peopleStream, amal];
    expect(await faults()).toEqual([missed]);
    await goTo('2027-01-24T08:00:00Z');
    expect(await run()).toMatchObject({ counts: { evidence: 2 } });
    expect(inRoll(await faults())).toEqual([payload, missed]);
  });

  test('that nobody placed is named, and so is one that is dated later', async () => {
    await hold('place');
    const bea = await personOf('002');
    const later = { placed_at: server.clock.now() + 1 };
    await store.engine.write(async (tx) => {
      const row = await tx.selectFrom('legal_hold').selectAll().executeTakeFirstOrThrow();
      await store.engine.insertMany(tx, 'legal_hold', [{ ...row, person: bea }]);
      await tx.updateTable('legal_hold').set(later).where('person', '=', amal).execute();
    });
    expect(await faults()).toEqual([
      ['hold', peopleStream, amal],
      ['hold', peopleStream, bea],
    ]);
  });

  test('is not lifted by an event that is forged without the keys', async () => {
    await hold('place');
    await forgetHold();
    await commit(store, async ({ now, append }) => {
      const event = { stream: peopleStream, type: 'hold.lifted', occurredAt: now, actor: 'job' };
      await append([{ ...event, subject: amal }]);
    });
    expect(await faults()).toEqual([['payload', peopleStream]]);
  });

  test('in spite of which somebody was erased is told', async () => {
    await hold('place');
    await forgetHold();
    expect(await erasePerson(store, 'operator', amal)).toMatchObject({ ok: true });
    expect(await faults()).toEqual([['held', peopleStream, amal]]);
  });

  test('forbids nothing that was done before it, or before a guest turned out to be theirs', async () => {
    await school.phone().checkIn(await school.token(roll), '901', 'Greta');
    const greta = await personOf('901');
    await close();
    await saveRules(store, 'operator', rules);
    await hold('place');
    await goTo('2027-01-24T08:00:00Z');
    expect(await run()).toMatchObject({ counts: { evidence: 2 } });
    await mergeGuest(server.app, 'operator', roll, { guest: greta, person: amal });
    await hold('place', await personOf('002'));
    await hold('lift');
    expect(await run()).toMatchObject({ counts: { evidence: 1 } });
    await hold('place');
    expect(await faults()).toEqual([]);
  });

  test('keeps what is a guest’s who turned out to be theirs', async () => {
    await school.phone().checkIn(await school.token(roll), '901', 'Greta');
    const greta = await personOf('901');
    await close();
    await saveRules(store, 'operator', rules);
    await mergeGuest(server.app, 'operator', roll, { guest: greta, person: amal });
    await hold('place');
    await goTo('2027-01-24T08:00:00Z');
    expect(await run()).toMatchObject({ counts: { evidence: 1 } });
    expect(await faults()).toEqual([]);
    await destroyOf(greta);
    expect(inRoll(await faults())).toEqual([payload]);
  });
});
