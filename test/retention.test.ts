// What is too old is destroyed, exactly then, and everything else goes on holding.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditPage } from '../src/core/audit.wire.ts';
import type { PersonId, SessionId } from '../src/core/brand.ts';
import type { RetentionRules } from '../src/core/retention.ts';
import type { RetentionView } from '../src/core/retention.wire.ts';
import type { HistoryLine } from '../src/core/session.wire.ts';
import { rebuildRecords } from '../src/store/rebuild.ts';
import { runRetention } from '../src/store/retention.ts';
import { sessionStream } from '../src/store/store.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { dumpRows } from './dump/raw.ts';
import { openSchool, type School } from './school.ts';

const zone = 'Europe/Berlin';
const never = { evidence: null, access: null, mail: null, notes: null, guests: null };
const forever: RetentionRules = { ...never, deactivated: null };

let server: TestServer<FakeClock>;
let school: School;
let group: string;
let roll: SessionId;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  group = await school.addGroup('Physics 10B');
  await school.enrol(group, [
    ['001', 'Amal'],
    ['002', 'Bea'],
  ]);
  roll = await school.openSession({ group, settings: { rosterRule: 'walk-ins' } });
});
afterEach(() => server[Symbol.asyncDispose]());

const run = () => runRetention(server.app.store, { actor: 'job', zone });
const faults = async () => (await finish(verifyLedger(server.app.store))).faults;

async function setRules(rules: Partial<RetentionRules>): Promise<void> {
  const body = { rules: { ...forever, ...rules }, confirmed: true };
  const { status } = await school.admin.post('/api/retention', body);
  expect(status).toBe(200);
}

/** Turns the clock; an administrator who did nothing for long signs in again. */
async function goTo(moment: string): Promise<void> {
  server.clock.set(moment);
  await school.signInAgain();
}

const view = async () => (await school.admin.get<RetentionView>('/api/retention')).value;
const dueOf = async (kind: string) => (await view()).due.find((one) => one.kind === kind);

const personOf = async (number: string) =>
  (await school.board(roll)).people.find((one) => one.number === number)?.id as PersonId;

const close = (session = roll) => school.admin.post(`/api/sessions/${session}/close`);

async function payloadsOf(type: string) {
  const rows = await server.app.store.engine.read
    .selectFrom('event')
    .select(['type', 'payload'])
    .where('type', '=', type)
    .orderBy('seq')
    .execute();
  return rows.map(({ payload }) => payload);
}

const eventsOf = async (type: string) =>
  server.app.store.engine.read
    .selectFrom('event')
    .select(['facts', 'actor'])
    .where('type', '=', type)
    .orderBy('seq')
    .execute();

describe('evidence of check-ins', () => {
  test('goes with the day after its last, and nothing else with it', async () => {
    await school.phone().checkIn(await school.token(roll), '001');
    await close();
    await setRules({ evidence: { count: 12, unit: 'months' } });
    const [sealed] = await payloadsOf('check-in');
    const { browser } = await server.app.store.engine.read
      .selectFrom('attempt')
      .select('browser')
      .executeTakeFirstOrThrow();
    const before = await dumpRows(server.app.store);
    const hex = Buffer.from(sealed ?? []).toString('hex');
    expect([before.includes(hex), before.includes(browser)]).toEqual([true, true]);

    await goTo('2027-11-23T22:59:59Z');
    expect(await dueOf('evidence')).toMatchObject({ count: 0 });
    expect(await run()).toMatchObject({ counts: {}, ended: true });
    expect(await eventsOf('retention.begun')).toEqual([]);

    await goTo('2027-11-23T23:00:00Z');
    expect(await dueOf('evidence')).toMatchObject({
      count: 1,
      oldestAt: Date.parse('2026-11-23T08:00:00Z'),
      examples: [{ person: { name: 'Amal' } }],
    });
    const records = (await school.board(roll)).people.map(({ record }) => record);
    expect(await run()).toMatchObject({ counts: { evidence: 1 }, ended: true });
    expect(await payloadsOf('check-in')).toEqual([null]);
    const after = await dumpRows(server.app.store);
    expect([after.includes(hex), after.includes(browser)]).toEqual([false, false]);

    expect((await school.board(roll)).people.map(({ record }) => record)).toEqual(records);
    expect(await finish(verifyLedger(server.app.store))).toMatchObject({ faults: [], retired: 1 });
    expect((await rebuildRecords(server.app.store, 'operator')).differences).toEqual([]);
    expect((await eventsOf('retention.run')).map(({ facts }) => JSON.parse(facts))).toMatchObject([
      { counts: { evidence: 1 } },
    ]);
    const { value } = await school.admin.get<{ events: HistoryLine[] }>(
      `/api/sessions/${roll}/history`,
    );
    const lines = Array.isArray(value) ? (value as HistoryLine[]) : value.events;
    expect(lines.find(({ type }) => type === 'check-in')?.destroyed).toEqual({
      rule: 'evidence',
      at: Date.parse('2027-11-23T23:00:00Z'),
    });
    const { value: audit } = await school.admin.get<AuditPage>(`/api/audit?stream=session:${roll}`);
    const destroyed = { rule: 'evidence', at: Date.parse('2027-11-23T23:00:00Z') };
    expect(audit.events.find(({ type }) => type === 'check-in')).toMatchObject({
      address: null,
      data: null,
      closed: true,
      destroyed,
    });
    const person = await personOf('001');
    const { value: own } = await school.admin.get<string>(`/api/people/${person}/data?format=html`);
    const words = 'Destroyed by the rule for what check-ins came with, 2027-11-24 00:00:00';
    expect(own).toContain(words);
    // and a second run finds nothing
    expect(await run()).toMatchObject({ counts: {} });
    expect(await eventsOf('retention.run')).toHaveLength(1);
  });

  test('stays while the session is open', async () => {
    await school.phone().checkIn(await school.token(roll), '001');
    await setRules({ evidence: { count: 7, unit: 'days' } });
    await goTo('2026-12-24T08:00:00Z');
    expect(await dueOf('evidence')).toMatchObject({ count: 0 });
    await close();
    expect(await dueOf('evidence')).toMatchObject({ count: 1 });
  });

  test('of somebody who is held stays, and goes once the hold is lifted', async () => {
    for (const number of ['001', '002']) {
      await school.phone().checkIn(await school.token(roll), number);
    }
    await close();
    await setRules({ evidence: { count: 1, unit: 'months' } });
    const amal = await personOf('001');
    const hold = (verb: string) =>
      school.admin.post(`/api/people/${amal}/legal-hold/${verb}`, { reason: 'a case' });
    await hold('place');
    await goTo('2027-01-24T08:00:00Z');
    expect(await run()).toMatchObject({ counts: { evidence: 1 } });
    expect((await payloadsOf('check-in')).filter(Boolean)).toHaveLength(1);
    expect(await faults()).toEqual([]);
    expect((await view()).held).toBe(1);
    await hold('lift');
    expect(await run()).toMatchObject({ counts: { evidence: 1 } });
    expect((await payloadsOf('check-in')).filter(Boolean)).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  test('that went without a run, too early, or in spite of a hold, is a fault', async () => {
    for (const number of ['001', '002']) {
      await school.phone().checkIn(await school.token(roll), number);
    }
    await close();
    const { engine } = server.app.store;
    const wipe = (subject: PersonId) =>
      engine.write((tx) =>
        tx
          .updateTable('event')
          .set({ payload: null })
          .where('type', '=', 'check-in')
          .where('subject', '=', subject)
          .execute(),
      );
    await setRules({ evidence: { count: 1, unit: 'months' } });
    const [amal, bea] = [await personOf('001'), await personOf('002')];
    await school.admin.post(`/api/people/${amal}/legal-hold/place`, { reason: 'a case' });
    await wipe(amal);
    await wipe(bea);
    expect(await faults()).toHaveLength(2);
    await goTo('2027-01-24T08:00:00Z');
    const other = await school.openSession({ group });
    await school.phone().checkIn(await school.token(other), '001');
    await school.phone().checkIn(await school.token(other), '002');
    await close(other);
    await setRules({ evidence: { count: 10, unit: 'days' } });
    await goTo('2027-02-24T08:00:00Z');
    expect(await run()).toMatchObject({ counts: { evidence: 1 } });
    // Bea's are older than the cut-off of a run that is written down; Amal's are held since before it
    expect(await faults()).toMatchObject([{ kind: 'payload', stream: sessionStream(roll) }]);
  });
});

describe('the other kinds', () => {
  test('addresses of sign-ins go, and the list of sign-ins stays', async () => {
    await setRules({ access: { count: 1, unit: 'months' } });
    const before = (await payloadsOf('sign-in.made')).length;
    await goTo('2026-12-23T22:59:59Z');
    expect(await run()).toMatchObject({ counts: {} });
    server.clock.set('2026-12-23T23:00:00Z');
    expect(await run()).toMatchObject({ counts: { access: before } });
    expect((await payloadsOf('sign-in.made')).filter(Boolean)).toHaveLength(1);
    expect(await faults()).toEqual([]);
  });

  test('notes of hosts go, marks stay', async () => {
    const person = await personOf('001');
    await school.admin.post(`/api/sessions/${roll}/marks`, {
      people: [person],
      status: 'excused',
      note: 'at the dentist',
    });
    await close();
    await setRules({ notes: { count: 30, unit: 'days' } });
    await goTo('2026-12-23T22:59:59Z');
    expect(await run()).toMatchObject({ counts: {} });
    await goTo('2026-12-23T23:00:00Z');
    expect(await run()).toMatchObject({ counts: { notes: 1 } });
    const shown = (await school.board(roll)).people.find(({ id }) => id === person);
    expect(shown).toMatchObject({ note: null, record: { status: 'excused' } });
    expect(await faults()).toEqual([]);
  });

  test('mails that were sent or given up go', async () => {
    await school.admin.post('/api/mail/test');
    const { engine } = server.app.store;
    await engine.write((tx) => tx.updateTable('mail').set({ state: 'failed' }).execute());
    await setRules({ mail: { count: 30, unit: 'days' } });
    await goTo('2026-12-23T22:59:59Z');
    expect(await run()).toMatchObject({ counts: {} });
    await goTo('2026-12-23T23:00:00Z');
    expect(await dueOf('mail')).toMatchObject({ count: 1 });
    expect(await run()).toMatchObject({ counts: { mail: 1 } });
    expect(await engine.read.selectFrom('mail').selectAll().execute()).toEqual([]);
  });

  test('guests are erased, with a certificate, and their marks stay', async () => {
    await school.phone().checkIn(await school.token(roll), '901', 'Greta Guest');
    await school.phone().checkIn(await school.token(roll), '902', 'Gustav Guest');
    await close();
    await setRules({ guests: { count: 6, unit: 'months' } });
    await goTo('2027-05-23T21:59:59Z');
    expect(await run()).toMatchObject({ counts: {} });
    await goTo('2027-05-23T22:00:00Z');
    expect(await dueOf('guests')).toMatchObject({ count: 2 });
    const done = await run();
    expect(done).toMatchObject({ counts: { guests: 2 } });
    server.app.directory.forgetAll();
    const people = (await school.board(roll)).people.filter(({ guest }) => guest);
    expect(people.map(({ record }) => record.status)).toEqual(['present', 'present']);
    expect(JSON.stringify(people)).not.toContain('Guest');
    expect((await eventsOf('person.erased')).map(({ facts }) => JSON.parse(facts).rule)).toEqual([
      'guests',
      'guests',
    ]);
    expect(await faults()).toEqual([]);
    expect((await rebuildRecords(server.app.store, 'operator')).differences).toEqual([]);
  });

  test('whoever was deactivated is erased so long after it, not who was brought back or is held', async () => {
    const ids: Record<string, PersonId> = {};
    for (const name of ['Left', 'Back', 'Held', 'Late']) {
      const { value } = await school.admin.post<{ person: PersonId }>('/api/people', { name });
      ids[name] = value.person;
    }
    const ask = (name: string, verb: string, body: object = {}) =>
      school.admin.post(`/api/people/${ids[name]}/${verb}`, body);
    for (const name of ['Left', 'Back', 'Held']) await ask(name, 'deactivate');
    await ask('Back', 'reactivate');
    await ask('Held', 'legal-hold/place', { reason: 'a case' });
    await setRules({ deactivated: { count: 12, unit: 'months' } });
    await goTo('2026-11-24T08:00:00Z');
    await ask('Late', 'deactivate');
    await goTo('2027-11-23T23:00:00Z');
    expect(await dueOf('deactivated')).toMatchObject({
      count: 1,
      examples: [{ person: { name: 'Left' } }],
    });
    expect(await run()).toMatchObject({ counts: { deactivated: 1 }, erased: [ids.Left] });
    expect(await faults()).toEqual([]);
  });
});
