// Runs by the rules, and who may change those.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditPage } from '../src/core/audit.wire.ts';
import { defaultRules } from '../src/core/retention.ts';
import type { RetentionView } from '../src/core/retention.wire.ts';
import { askForRun, runDaily } from '../src/server/retention.ts';
import { commit } from '../src/store/ledger.ts';
import { checkInGuests } from '../src/store/throwaway.ts';
import { forever, RetentionHouse, zone } from './retention-house.ts';

let house: RetentionHouse;
beforeEach(async () => {
  house = await RetentionHouse.open();
});
afterEach(() => house[Symbol.asyncDispose]());

describe('a run', () => {
  const prepare = async () => {
    for (let index = 0; index < 12; index += 1) {
      const session = await house.school.openSession({ title: `Quick ${index}` });
      await house.school.phone().checkIn(await house.school.token(session), `G${index}`, 'Guest');
      await house.close(session);
    }
    await house.setRules({
      evidence: { count: 1, unit: 'days' },
      guests: { count: 1, unit: 'days' },
    });
    await house.goTo('2026-12-01T08:00:00Z');
  };

  test('that is broken off in the middle is gone on with, and verifies at each moment', async () => {
    await prepare();
    let pieces = 0;
    const killed = house.run({
      pause: async () => {
        pieces += 1;
        if (pieces === 5) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect((await house.payloadsOf('check-in')).filter(Boolean)).toHaveLength(7);
    expect(await house.faults()).toEqual([]);
    expect(await house.run()).toMatchObject({ ended: true, counts: { evidence: 7, guests: 12 } });
    const [told, ...more] = await house.eventsOf('retention.run');
    expect(JSON.parse(told?.facts ?? '')).toMatchObject({ counts: { evidence: 12, guests: 12 } });
    expect(more).toEqual([]);
    expect(await house.faults()).toEqual([]);
  });

  test('that breaks off among many guests leaves the others readable, and no older key', async () => {
    const { store } = house;
    const names = Array.from({ length: 45 }, (_, index) => [`G${index}`, 'Guest'] as const);
    await checkInGuests(store, house.roll, names);
    await house.close();
    await house.setRules({ guests: { count: 1, unit: 'days' } });
    await house.goTo('2026-12-01T08:00:00Z');
    let pieces = 0;
    const pause = async () => {
      pieces += 1;
      if (pieces === 2) throw new Error('killed');
    };
    await expect(house.run({ pause })).rejects.toThrow('killed');
    expect(await house.eventsOf('person.erased')).toHaveLength(20);
    expect(await store.keys.listEpochs()).toEqual([2]);
    expect(await house.faults()).toEqual([]);
    expect(await house.run()).toMatchObject({ ended: true, counts: { guests: 25 } });
    expect(await store.keys.listEpochs()).toEqual([3]);
    expect(await house.faults()).toEqual([]);
  });

  test('that takes long goes on behind its answer', async () => {
    await prepare();
    const answer = { ok: true, counts: {}, ended: false, goesOn: true };
    expect(await askForRun(house.server.app, 'operator', 0)).toEqual(answer);
    const endedAt = async () => (await house.view()).lastRun?.endedAt ?? null;
    await expect.poll(endedAt).not.toBeNull();
    expect((await house.view()).lastRun?.counts).toEqual({ evidence: 12, guests: 12 });
  });

  test('stops where the rules were made laxer meanwhile', async () => {
    await prepare();
    let isFirst = true;
    const done = await house.run({
      pause: async () => {
        if (isFirst) await house.setRules({});
        isFirst = false;
      },
    });
    expect(done).toMatchObject({ ended: false, counts: { evidence: 1 } });
    expect(await house.run()).toMatchObject({ ended: true, counts: {} });
    expect((await house.payloadsOf('check-in')).filter(Boolean)).toHaveLength(11);
    expect(await house.faults()).toEqual([]);
  });

  test('is one at a time', async () => {
    await prepare();
    const both = await Promise.all([house.run(), house.run()]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ code: 'retention-running' });
    expect(await house.eventsOf('retention.run')).toHaveLength(1);
  });

  test('comes by itself once on a local day', async () => {
    await prepare();
    const signal = new AbortController().signal;
    const tenure = { signal, holds: () => true };
    await runDaily(house.server.app, tenure);
    expect(await house.eventsOf('retention.run')).toHaveLength(1);
    expect((await house.view()).lastRun).toMatchObject({ by: 'job', counts: { evidence: 12 } });
    const lookedAt = (await house.view()).lookedAt;
    house.server.clock.set('2026-12-01T22:59:59Z');
    await runDaily(house.server.app, tenure);
    const looked = async () =>
      (
        await house.store.engine.read
          .selectFrom('setting')
          .select('value')
          .where('setting', '=', 'retention-looked')
          .executeTakeFirstOrThrow()
      ).value;
    expect(JSON.parse(await looked())).toEqual({ at: lookedAt });
    house.server.clock.set('2026-12-01T23:00:00Z');
    await runDaily(house.server.app, tenure);
    expect(JSON.parse(await looked())).toEqual({ at: Date.parse('2026-12-01T23:00:00Z') });
  });

  test('of a restored older state destroys the same again', async () => {
    await prepare();
    const { store } = house;
    const before = await store.engine.read.selectFrom('event').select(['id', 'payload']).execute();
    await house.run();
    await commit(store, async ({ tx }) => {
      for (const { id, payload } of before.filter((row) => row.payload !== null)) {
        await tx.updateTable('event').set({ payload }).where('id', '=', id).execute();
      }
      for (const table of ['retention_run', 'retention_mark'] as const) {
        await tx.deleteFrom(table).execute();
      }
    });
    expect(await house.run()).toMatchObject({ counts: { evidence: 12 } });
    expect((await house.payloadsOf('check-in')).filter(Boolean)).toEqual([]);
    expect(await house.faults()).toEqual([]);
  });
});

describe('rules', () => {
  test('that let more go are saved only when that is confirmed; the ledger has before and after', async () => {
    const rules = { ...defaultRules, guests: { count: 6, unit: 'months' } };
    const refused = await house.school.admin.post('/api/retention', { rules, confirmed: false });
    expect(refused.problem).toMatchObject({
      code: 'retention-unconfirmed',
      detail: { kinds: 'guests' },
    });
    expect(
      (await house.school.admin.post('/api/retention', { rules, confirmed: true })).status,
    ).toBe(200);
    expect((await house.view()).rules).toEqual(rules);
    expect(
      (await house.school.admin.post('/api/retention', { rules, confirmed: true })).status,
    ).toBe(200);
    const { value: audit } = await house.school.admin.get<AuditPage>('/api/audit?kind=retention');
    expect(audit.events.map(({ type, data }) => [type, data])).toEqual([
      ['retention.changed', { before: defaultRules, after: rules }],
    ]);
    const laxer = { rules: forever, confirmed: false };
    expect((await house.school.admin.post('/api/retention', laxer)).status).toBe(200);
  });

  test('can be tried before they are saved', async () => {
    await house.checkIn('001');
    await house.close();
    await house.goTo('2026-12-24T08:00:00Z');
    const rules = { ...forever, evidence: { count: 7, unit: 'days' } };
    const { value } = await house.school.admin.post<RetentionView>('/api/retention/preview', {
      rules,
    });
    expect(value.stricter).toEqual(['evidence']);
    expect(value.due[0]).toMatchObject({ kind: 'evidence', count: 1 });
    expect((await house.view()).rules).toEqual(defaultRules);
  });

  test('and runs are no business of hosts; an auditor looks, without names', async () => {
    const host = await house.school.inviteHost();
    const auditor = await house.school.inviteHost([], 'Aud Itor', 'aud@example.org', 'auditor');
    const change = { rules: forever, confirmed: true };
    for (const who of [host, auditor]) {
      expect((await who.post('/api/retention', change)).status).toBe(403);
      expect((await who.post('/api/retention/preview', { rules: forever })).status).toBe(403);
      expect((await who.post('/api/retention/run', { confirmed: true })).status).toBe(403);
    }
    expect((await host.get('/api/retention')).status).toBe(403);
    expect((await auditor.get('/api/retention')).status).toBe(200);
    expect((await house.school.admin.post('/api/retention/run', {})).status).toBe(422);
    expect(
      (await house.school.admin.post('/api/retention/run', { confirmed: true })).value,
    ).toEqual({
      ok: true,
      counts: {},
      ended: true,
      goesOn: false,
    });
  });

  test('are told to everybody on a page without scripts', async () => {
    const settings = { zone, language: 'en', words: 'school', dayFiles: true };
    await house.school.admin.post('/api/organisation', { ...settings, name: 'A <b>&' });
    await house.setRules({ evidence: { count: 1, unit: 'months' } });
    const page = await house.school.phone().get<string>('/privacy');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('set-cookie')).toBeNull();
    expect(page.value).toContain('A &#60;b&#62;&#38; takes attendance');
    expect(page.value).toContain('1 month after the check-in');
    expect(page.value).not.toContain('<script');
  });
});
