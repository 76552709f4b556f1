// What is too old is destroyed, exactly then, and everything else goes on holding.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditPage } from '../src/core/audit.wire.ts';
import type { PersonId } from '../src/core/brand.ts';
import type { HistoryLine } from '../src/core/session.wire.ts';
import { rebuildRecords } from '../src/store/rebuild.ts';
import { sessionStream } from '../src/store/store.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { dumpRows } from './dump/raw.ts';
import { RetentionHouse } from './retention-house.ts';

let house: RetentionHouse;
beforeEach(async () => {
  house = await RetentionHouse.open();
});
afterEach(() => house[Symbol.asyncDispose]());

const dueOf = async (kind: string) => (await house.view()).due.find((one) => one.kind === kind);

describe('evidence of check-ins', () => {
  test('goes with the day after its last, and nothing else with it', async () => {
    await house.checkIn('001');
    await house.close();
    await house.setRules({ evidence: { count: 12, unit: 'months' } });
    const [sealed] = await house.payloadsOf('check-in');
    const { browser } = await house.store.engine.read
      .selectFrom('attempt')
      .select('browser')
      .executeTakeFirstOrThrow();
    const before = await dumpRows(house.store);
    const hex = Buffer.from(sealed ?? []).toString('hex');
    expect([before.includes(hex), before.includes(browser)]).toEqual([true, true]);

    await house.goTo('2027-11-23T22:59:59Z');
    expect(await dueOf('evidence')).toMatchObject({ count: 0 });
    expect(await house.run()).toMatchObject({ counts: {}, ended: true });
    expect(await house.eventsOf('retention.begun')).toEqual([]);

    await house.goTo('2027-11-23T23:00:00Z');
    expect(await dueOf('evidence')).toMatchObject({
      count: 1,
      oldestAt: Date.parse('2026-11-23T08:00:00Z'),
      examples: [{ person: { name: 'Amal' } }],
    });
    const records = (await house.school.board(house.roll)).people.map(({ record }) => record);
    expect(await house.run()).toMatchObject({ counts: { evidence: 1 }, ended: true });
    expect(await house.payloadsOf('check-in')).toEqual([null]);
    const after = await dumpRows(house.store);
    expect([after.includes(hex), after.includes(browser)]).toEqual([false, false]);

    expect((await house.school.board(house.roll)).people.map(({ record }) => record)).toEqual(
      records,
    );
    expect(await finish(verifyLedger(house.store))).toMatchObject({ faults: [], retired: 1 });
    expect((await rebuildRecords(house.store, 'operator')).differences).toEqual([]);
    expect(
      (await house.eventsOf('retention.run')).map(({ facts }) => JSON.parse(facts)),
    ).toMatchObject([{ counts: { evidence: 1 } }]);
    const { value } = await house.school.admin.get<{ events: HistoryLine[] }>(
      `/api/sessions/${house.roll}/history`,
    );
    const lines = Array.isArray(value) ? (value as HistoryLine[]) : value.events;
    expect(lines.find(({ type }) => type === 'check-in')?.destroyed).toEqual({
      rule: 'evidence',
      at: Date.parse('2027-11-23T23:00:00Z'),
    });
    const { value: audit } = await house.school.admin.get<AuditPage>(
      `/api/audit?stream=session:${house.roll}`,
    );
    const destroyed = { rule: 'evidence', at: Date.parse('2027-11-23T23:00:00Z') };
    expect(audit.events.find(({ type }) => type === 'check-in')).toMatchObject({
      address: null,
      data: null,
      closed: true,
      destroyed,
    });
    const person = await house.personOf('001');
    const { value: own } = await house.school.admin.get<string>(
      `/api/people/${person}/data?format=html`,
    );
    const words = 'Destroyed by the rule for what check-ins came with, 2027-11-24 00:00:00';
    expect(own).toContain(words);
    // and a second run finds nothing
    expect(await house.run()).toMatchObject({ counts: {} });
    expect(await house.eventsOf('retention.run')).toHaveLength(1);
  });

  test('stays while the session is open', async () => {
    await house.checkIn('001');
    await house.setRules({ evidence: { count: 7, unit: 'days' } });
    await house.goTo('2026-12-24T08:00:00Z');
    expect(await dueOf('evidence')).toMatchObject({ count: 0 });
    await house.close();
    expect(await dueOf('evidence')).toMatchObject({ count: 1 });
  });

  test('of somebody who is held stays, and goes once the hold is lifted', async () => {
    await house.checkIn('001', '002');
    await house.close();
    await house.setRules({ evidence: { count: 1, unit: 'months' } });
    const amal = await house.personOf('001');
    const hold = (verb: string) =>
      house.school.admin.post(`/api/people/${amal}/legal-hold/${verb}`, { reason: 'a case' });
    await hold('place');
    await house.goTo('2027-01-24T08:00:00Z');
    expect(await house.run()).toMatchObject({ counts: { evidence: 1 } });
    expect((await house.payloadsOf('check-in')).filter(Boolean)).toHaveLength(1);
    expect(await house.faults()).toEqual([]);
    expect((await house.view()).held).toBe(1);
    await hold('lift');
    expect(await house.run()).toMatchObject({ counts: { evidence: 1 } });
    expect((await house.payloadsOf('check-in')).filter(Boolean)).toEqual([]);
    expect(await house.faults()).toEqual([]);
  });

  test('that went without a run, too early, or in spite of a hold, is a fault', async () => {
    await house.checkIn('001', '002');
    await house.close();
    const { engine } = house.store;
    const wipe = (subject: PersonId) =>
      engine.write((tx) =>
        tx
          .updateTable('event')
          .set({ payload: null })
          .where('type', '=', 'check-in')
          .where('subject', '=', subject)
          .execute(),
      );
    await house.setRules({ evidence: { count: 1, unit: 'months' } });
    const [amal, bea] = [await house.personOf('001'), await house.personOf('002')];
    await house.school.admin.post(`/api/people/${amal}/legal-hold/place`, { reason: 'a case' });
    await wipe(amal);
    await wipe(bea);
    expect(await house.faults()).toHaveLength(2);
    await house.goTo('2027-01-24T08:00:00Z');
    const other = await house.school.openSession({ group: house.group });
    await house.school.phone().checkIn(await house.school.token(other), '001');
    await house.school.phone().checkIn(await house.school.token(other), '002');
    await house.close(other);
    await house.setRules({ evidence: { count: 10, unit: 'days' } });
    await house.goTo('2027-02-24T08:00:00Z');
    expect(await house.run()).toMatchObject({ counts: { evidence: 1 } });
    // Bea's are older than the cut-off of a run that is written down; Amal's are held since before it
    expect(await house.faults()).toMatchObject([
      { kind: 'payload', stream: sessionStream(house.roll) },
    ]);
  });
});

describe('the other kinds', () => {
  test('addresses of sign-ins go, and the list of sign-ins stays', async () => {
    await house.setRules({ access: { count: 1, unit: 'months' } });
    const before = (await house.payloadsOf('sign-in.made')).length;
    await house.goTo('2026-12-23T22:59:59Z');
    expect(await house.run()).toMatchObject({ counts: {} });
    house.server.clock.set('2026-12-23T23:00:00Z');
    expect(await house.run()).toMatchObject({ counts: { access: before } });
    expect((await house.payloadsOf('sign-in.made')).filter(Boolean)).toHaveLength(1);
    expect(await house.faults()).toEqual([]);
  });

  test('notes of hosts go, marks stay', async () => {
    const person = await house.personOf('001');
    await house.school.admin.post(`/api/sessions/${house.roll}/marks`, {
      people: [person],
      status: 'excused',
      note: 'at the dentist',
    });
    await house.close();
    await house.setRules({ notes: { count: 30, unit: 'days' } });
    await house.goTo('2026-12-23T22:59:59Z');
    expect(await house.run()).toMatchObject({ counts: {} });
    await house.goTo('2026-12-23T23:00:00Z');
    expect(await house.run()).toMatchObject({ counts: { notes: 1 } });
    const shown = (await house.school.board(house.roll)).people.find(({ id }) => id === person);
    expect(shown).toMatchObject({ note: null, record: { status: 'excused' } });
    expect(await house.faults()).toEqual([]);
  });

  test('mails that were sent or given up go', async () => {
    await house.school.admin.post('/api/mail/test');
    const { engine } = house.store;
    await engine.write((tx) => tx.updateTable('mail').set({ state: 'failed' }).execute());
    await house.setRules({ mail: { count: 30, unit: 'days' } });
    await house.goTo('2026-12-23T22:59:59Z');
    expect(await house.run()).toMatchObject({ counts: {} });
    await house.goTo('2026-12-23T23:00:00Z');
    expect(await dueOf('mail')).toMatchObject({ count: 1 });
    expect(await house.run()).toMatchObject({ counts: { mail: 1 } });
    expect(await engine.read.selectFrom('mail').selectAll().execute()).toEqual([]);
  });

  test('guests are erased, with a certificate, and their marks stay', async () => {
    await house.school.phone().checkIn(await house.school.token(house.roll), '901', 'Greta Guest');
    await house.school.phone().checkIn(await house.school.token(house.roll), '902', 'Gustav Guest');
    await house.close();
    await house.setRules({ guests: { count: 6, unit: 'months' } });
    await house.goTo('2027-05-23T21:59:59Z');
    expect(await house.run()).toMatchObject({ counts: {} });
    await house.goTo('2027-05-23T22:00:00Z');
    expect(await dueOf('guests')).toMatchObject({ count: 2 });
    const done = await house.run();
    expect(done).toMatchObject({ counts: { guests: 2 } });
    house.server.app.directory.forgetAll();
    const people = (await house.school.board(house.roll)).people.filter(({ guest }) => guest);
    expect(people.map(({ record }) => record.status)).toEqual(['present', 'present']);
    expect(JSON.stringify(people)).not.toContain('Guest');
    expect(
      (await house.eventsOf('person.erased')).map(({ facts }) => JSON.parse(facts).rule),
    ).toEqual(['guests', 'guests']);
    expect(await house.faults()).toEqual([]);
    expect((await rebuildRecords(house.store, 'operator')).differences).toEqual([]);
  });

  test('whoever was deactivated is erased so long after it, not who was brought back or is held', async () => {
    const ids: Record<string, PersonId> = {};
    for (const name of ['Left', 'Back', 'Held', 'Late']) {
      const { value } = await house.school.admin.post<{ person: PersonId }>('/api/people', {
        name,
      });
      ids[name] = value.person;
    }
    const ask = (name: string, verb: string, body: object = {}) =>
      house.school.admin.post(`/api/people/${ids[name]}/${verb}`, body);
    for (const name of ['Left', 'Back', 'Held']) await ask(name, 'deactivate');
    await ask('Back', 'reactivate');
    await ask('Held', 'legal-hold/place', { reason: 'a case' });
    await house.setRules({ deactivated: { count: 12, unit: 'months' } });
    await house.goTo('2026-11-24T08:00:00Z');
    await ask('Late', 'deactivate');
    await house.goTo('2027-11-23T23:00:00Z');
    expect(await dueOf('deactivated')).toMatchObject({
      count: 1,
      examples: [{ person: { name: 'Left' } }],
    });
    expect(await house.run()).toMatchObject({ counts: { deactivated: 1 }, erased: [ids.Left] });
    expect(await house.faults()).toEqual([]);
  });
});
